package dev.graft.trainer.stage;

import dev.graft.contracts.EmbeddingLocation;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.head.HeadSettings;
import java.util.Map;

/// What the stages of a run work on.
///
/// @param architecture of the head, as written
/// @param index        where the embeddings of the pictures lie
/// @param dimension    features of a picture
public record Material(
        HeadSettings settings,
        String architecture,
        Partition partition,
        Map<String, EmbeddingLocation> index,
        int dimension) {}

package dev.graft.trainer.stage;

import dev.graft.contracts.EmbeddingLocation;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.finetune.FineTuneSettings;
import dev.graft.trainer.head.HeadSettings;
import dev.graft.weightstore.ChosenExtractor;
import java.util.Map;
import java.util.Optional;

/// What the stages of a run work on.
///
/// @param architecture of the head, as written
/// @param fineTune     how the backbone is fine-tuned; absent where it stays as it is
/// @param index        where the embeddings of the pictures lie
/// @param extractor    of the embeddings
public record Material(
        HeadSettings settings,
        String architecture,
        Optional<FineTuneSettings> fineTune,
        Partition partition,
        Map<String, EmbeddingLocation> index,
        ChosenExtractor extractor) {
    /// Gives the number of features of a picture.
    public int dimension() {
        return Math.toIntExact(extractor.network().outputShape().elements());
    }
}

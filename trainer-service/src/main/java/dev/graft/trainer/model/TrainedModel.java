package dev.graft.trainer.model;

import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.evaluation.Evaluation;
import dev.graft.trainer.head.TrainedHead;
import dev.graft.weightstore.ChosenExtractor;
import java.util.Optional;

/// All that is known of a model version before it is bundled.
///
/// @param spec     the run's settings, as `model.json` shows them
/// @param tuned    the backbone that was fine-tuned; absent where it stayed as it was
/// @param head     the one that is served
/// @param headFile the head's file
public record TrainedModel(
        String name,
        int version,
        Lineage lineage,
        Object spec,
        String architecture,
        ChosenExtractor extractor,
        Partition partition,
        Optional<TunedBackbone> tuned,
        TrainedHead head,
        byte[] headFile,
        Evaluation evaluation) {}

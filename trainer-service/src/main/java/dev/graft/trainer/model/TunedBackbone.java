package dev.graft.trainer.model;

import dev.graft.trainer.evaluation.Comparison;
import dev.graft.trainer.evaluation.Evaluation;
import dev.graft.trainer.finetune.FineTuneSettings;
import dev.graft.trainer.finetune.FineTuned;
import dev.graft.trainer.finetune.TuningSet;
import dev.graft.trainer.head.TrainedHead;

/// A backbone that was fine-tuned, or a head alone that learned from varied images, and what there was before.
///
/// @param set what it learned from
/// @param settings how it was fine-tuned
/// @param tuned what came of it
/// @param headBefore the head that was trained on the backbone as it was
/// @param before what that answered to the pictures of the evaluation
/// @param comparison of the answers before and after
/// @param seconds how long it took
public record TunedBackbone(
        TuningSet set,
        FineTuneSettings settings,
        FineTuned tuned,
        TrainedHead headBefore,
        Evaluation before,
        Comparison comparison,
        double seconds) {
    /// Returns how many variants of each image the epochs have seen.
    public int seenVariants() {
        return Math.min(settings.shownVariants(), tuned.head().steps());
    }

    /// Returns whether the backbone is still as it was.
    public boolean isHeadAlone() {
        return settings.isHeadAlone();
    }

    /// Returns how many numbers of the backbone were trained.
    public long parameters() {
        return tuned.parameters().values().stream()
                .mapToLong(tensor -> tensor.shape().elements())
                .sum();
    }
}

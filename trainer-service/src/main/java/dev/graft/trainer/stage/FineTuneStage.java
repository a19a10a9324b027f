package dev.graft.trainer.stage;

import dev.graft.contracts.TrainingProgressed.Phase;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.finetune.FineTuneSettings;
import dev.graft.trainer.finetune.FineTuned;
import dev.graft.trainer.finetune.FineTuning;
import dev.graft.trainer.finetune.TuningSet;
import dev.graft.trainer.head.HeadSettings;
import dev.graft.trainer.head.TrainedHead;
import dev.graft.trainer.head.TrainingListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Objects;

/// Fine-tunes the backbone with the head. Its output is a [FineTunedFile].
@ApplicationScoped
public class FineTuneStage implements Stage {
    /// The stage's name.
    public static final String NAME = "fine-tuning";

    private final HeadStage heads;
    private final TunableBackbones backbones;

    FineTuneStage(HeadStage heads, TunableBackbones backbones) {
        this.heads = heads;
        this.backbones = backbones;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean isWanted(Material material) {
        return material.fineTune().isPresent();
    }

    @Override
    public Phase phase() {
        return Phase.FINE_TUNING;
    }

    @Override
    public long total(Material material) {
        return FineTuning.passes(material.partition().learning().size(), settings(material));
    }

    @Override
    public byte[] compute(
            Material material, Map<String, byte[]> earlier, Checkpoints checkpoints, TrainingListener progress) {
        FineTuneSettings settings = settings(material);
        TrainedHead head = HeadFile.read(Objects.requireNonNull(earlier.get(HeadStage.NAME)));
        FineTuning.Continuation continuation = new FineTuning.Continuation(checkpoints.last(), checkpoints::keep);
        // A state that was kept holds the head as it is by now.
        boolean headCounts = !settings.joint() && !continuation.isBegun();
        TrainedHead begin = headCounts ? heads.without(material, head, heldOut(material)) : head;
        FineTuned tuned = backbones.tune(material, settings, begin, continuation, progress);
        return FineTunedFile.write(tuned, material.partition().labels(), material.architecture());
    }

    /// Gives what is learned from.
    ///
    /// @param settings of the head before, with which the fine-tuning shares the seed and the weights of classes
    public static TuningSet set(Partition partition, HeadSettings settings) {
        return new TuningSet(
                TunableBackbones.imageIds(partition.learning()),
                Partition.labels(partition.learning()),
                partition.labels().size(),
                partition.validation(),
                settings.classWeights(),
                settings.seed());
    }

    private static int[] heldOut(Material material) {
        return set(material.partition(), material.settings()).heldOut().rows();
    }

    private static FineTuneSettings settings(Material material) {
        return material.fineTune().orElseThrow(() -> new IllegalStateException("nothing is fine-tuned in this run"));
    }
}

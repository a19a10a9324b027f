package dev.graft.trainer.stage;

import dev.graft.contracts.TrainingProgressed.Phase;
import dev.graft.trainer.TrainerConfig;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.embedding.Embeddings;
import dev.graft.trainer.head.FeatureMatrix;
import dev.graft.trainer.head.HeadSettings;
import dev.graft.trainer.head.HeadTrainer;
import dev.graft.trainer.head.LearningSet;
import dev.graft.trainer.head.TrainedHead;
import dev.graft.trainer.head.TrainingListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Trains the head. Its output is the head's file.
@ApplicationScoped
public class HeadStage implements Stage {
    /// The stage's name.
    public static final String NAME = "head";

    private final Embeddings embeddings;
    private final HeadTrainer trainer;

    HeadStage(Embeddings embeddings, TrainerConfig config) {
        this.embeddings = embeddings;
        this.trainer = new HeadTrainer(config.parallelism().orElseGet(Runtime.getRuntime()::availableProcessors));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Phase phase() {
        return Phase.TRAINING;
    }

    @Override
    public long total(Material material) {
        return 1;
    }

    @Override
    public byte[] compute(
            Material material, Map<String, byte[]> earlier, Checkpoints checkpoints, TrainingListener progress) {
        TrainedHead head = withSet(material, set -> trainer.train(set, material.settings(), progress));
        return HeadFile.write(head, material.partition().labels(), material.architecture());
    }

    /// Trains the head again without some of the images, where it learned from all of them.
    ///
    /// @param head    as this stage trained it
    /// @param leftOut positions of images that are learned from
    /// @return the same where it has not learned from them: heads that are trained step by step hold images out
    TrainedHead without(Material material, TrainedHead head, int[] leftOut) {
        return material.settings().optimizer() == HeadSettings.Optimizer.LBFGS
                ? withSet(material, set -> trainer.trainWithout(set, material.settings(), head, leftOut))
                : head;
    }

    private TrainedHead withSet(Material material, Function<LearningSet, TrainedHead> training) {
        Partition partition = material.partition();
        List<String> imageIds = TunableBackbones.imageIds(partition.learning());
        try (FeatureMatrix features = embeddings.read(imageIds, material.index(), material.dimension())) {
            return training.apply(new LearningSet(
                    features,
                    Partition.labels(partition.learning()),
                    partition.labels().size(),
                    imageIds,
                    partition.validation()));
        }
    }
}

package dev.graft.trainer.stage;

import dev.graft.contracts.TrainingProgressed.Phase;
import dev.graft.trainer.TrainerConfig;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.embedding.Embeddings;
import dev.graft.trainer.head.FeatureMatrix;
import dev.graft.trainer.head.HeadTrainer;
import dev.graft.trainer.head.LearningSet;
import dev.graft.trainer.head.TrainedHead;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;

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
    public byte[] compute(Material material, Map<String, byte[]> earlier, Checkpoints checkpoints, Progress progress) {
        Partition partition = material.partition();
        List<String> imageIds =
                partition.learning().stream().map(Partition.Example::imageId).toList();
        try (FeatureMatrix features = embeddings.read(imageIds, material.index(), material.dimension())) {
            LearningSet set = new LearningSet(
                    features,
                    Partition.labels(partition.learning()),
                    partition.labels().size(),
                    imageIds,
                    partition.validation());
            TrainedHead head = trainer.train(set, material.settings(), progress::advanced);
            return HeadFile.write(head, partition.labels(), material.architecture());
        }
    }
}

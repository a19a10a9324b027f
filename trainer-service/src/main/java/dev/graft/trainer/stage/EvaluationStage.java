package dev.graft.trainer.stage;

import dev.graft.contracts.TrainingProgressed.Phase;
import dev.graft.networks.network.Shape;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Safetensors;
import dev.graft.networks.weights.SafetensorsWriter;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.embedding.Embeddings;
import dev.graft.trainer.evaluation.Evaluation;
import dev.graft.trainer.head.FeatureMatrix;
import dev.graft.trainer.head.HeadForward;
import dev.graft.trainer.head.TrainedHead;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Lets the head answer the pictures kept apart. Its output is a safetensors file with the tensor `probabilities`
/// float32 [pictures, classes].
@ApplicationScoped
public class EvaluationStage implements Stage {
    /// The stage's name.
    public static final String NAME = "evaluation";

    private static final String TENSOR = "probabilities";

    private final Embeddings embeddings;

    EvaluationStage(Embeddings embeddings) {
        this.embeddings = embeddings;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Phase phase() {
        return Phase.EVALUATING;
    }

    @Override
    public long total(Material material) {
        return material.partition().evaluation().size();
    }

    @Override
    public byte[] compute(Material material, Map<String, byte[]> earlier, Progress progress) {
        List<String> imageIds = material.partition().evaluation().stream()
                .map(Partition.Example::imageId)
                .toList();
        try (FeatureMatrix features = embeddings.read(imageIds, material.index(), material.dimension())) {
            TrainedHead head = HeadFile.read(Objects.requireNonNull(earlier.get(HeadStage.NAME)));
            float[][] probabilities = HeadForward.probabilities(head, features);
            Evaluation evaluation = evaluation(probabilities, material.partition());
            progress.advanced(evaluation.pictures(), evaluation.pictures(), null, evaluation.accuracy());
            return write(probabilities);
        }
    }

    private static byte[] write(float[][] probabilities) {
        int classes = probabilities[0].length;
        float[] flat = new float[Math.multiplyExact(probabilities.length, classes)];
        for (int row = 0; row < probabilities.length; row++) {
            System.arraycopy(probabilities[row], 0, flat, row * classes, classes);
        }
        return SafetensorsWriter.toBytes(
                Map.of(), Map.of(TENSOR, FloatTensor.of(Shape.of(probabilities.length, classes), flat)));
    }

    /// Reads the output, and compares it with the truth.
    public static Evaluation read(byte[] output, Partition partition) {
        try (Safetensors file = Safetensors.of(output)) {
            float[] flat = file.tensor(TENSOR).toArray();
            int classes = partition.labels().size();
            float[][] probabilities = new float[partition.evaluation().size()][];
            for (int row = 0; row < probabilities.length; row++) {
                probabilities[row] = Arrays.copyOfRange(flat, row * classes, (row + 1) * classes);
            }
            return evaluation(probabilities, partition);
        }
    }

    private static Evaluation evaluation(float[][] probabilities, Partition partition) {
        return Evaluation.of(
                probabilities,
                Partition.labels(partition.evaluation()),
                partition.labels().size());
    }
}

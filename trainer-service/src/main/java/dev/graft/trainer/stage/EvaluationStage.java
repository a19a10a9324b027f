package dev.graft.trainer.stage;

import dev.graft.contracts.TrainingProgressed.Phase;
import dev.graft.networks.network.Shape;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Safetensors;
import dev.graft.networks.weights.SafetensorsWriter;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.embedding.Embeddings;
import dev.graft.trainer.evaluation.Evaluation;
import dev.graft.trainer.finetune.FineTuned;
import dev.graft.trainer.head.Advance;
import dev.graft.trainer.head.FeatureMatrix;
import dev.graft.trainer.head.HeadForward;
import dev.graft.trainer.head.TrainedHead;
import dev.graft.trainer.head.TrainingListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// Lets the classifier answer the images kept apart. Its output is a safetensors file with the tensor
/// `probabilities` float32 [images, classes]; where a fine-tuning followed, `probabilitiesBefore` are
/// those of the head that was trained before, on the backbone as it was.
@ApplicationScoped
public class EvaluationStage implements Stage {
    /// The stage's name.
    public static final String NAME = "evaluation";

    private static final String TENSOR = "probabilities";
    private static final String BEFORE = "probabilitiesBefore";

    private final Embeddings embeddings;
    private final TunableBackbones backbones;

    EvaluationStage(Embeddings embeddings, TunableBackbones backbones) {
        this.embeddings = embeddings;
        this.backbones = backbones;
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
    public byte[] compute(
            Material material, Map<String, byte[]> earlier, Checkpoints checkpoints, TrainingListener progress) {
        TrainedHead head = HeadFile.read(Objects.requireNonNull(earlier.get(HeadStage.NAME)));
        Optional<FineTuned> tuned =
                Optional.ofNullable(earlier.get(FineTuneStage.NAME)).map(FineTunedFile::read);
        boolean headAlone = tuned.isPresent() && tuned.get().parameters().isEmpty();
        List<String> imageIds = TunableBackbones.imageIds(material.partition().evaluation());
        Map<String, FloatTensor> tensors = new TreeMap<>();
        float[][] probabilities;
        // The embeddings are those of the backbone as it was.
        try (FeatureMatrix features = embeddings.read(imageIds, material.index(), material.dimension())) {
            probabilities = HeadForward.probabilities(head, features);
            if (tuned.isPresent()) {
                tensors.put(BEFORE, tensor(probabilities));
            }
            if (headAlone) {
                probabilities = HeadForward.probabilities(tuned.get().head(), features);
            }
        }
        if (tuned.isPresent() && !headAlone) {
            probabilities = fineTuned(material, tuned.get(), imageIds, progress);
        }
        tensors.put(TENSOR, tensor(probabilities));
        Evaluation evaluation = evaluation(probabilities, material.partition());
        progress.advanced(Advance.of(evaluation.images(), evaluation.images(), null, evaluation.accuracy()));
        return SafetensorsWriter.toBytes(Map.of(), tensors);
    }

    private float[][] fineTuned(Material material, FineTuned tuned, List<String> imageIds, TrainingListener progress) {
        try (FeatureMatrix features = backbones.features(
                material, tuned, imageIds, done -> progress.advanced(Advance.of(done, imageIds.size())))) {
            return HeadForward.probabilities(tuned.head(), features);
        }
    }

    private static FloatTensor tensor(float[][] probabilities) {
        int classes = probabilities[0].length;
        float[] flat = new float[Math.multiplyExact(probabilities.length, classes)];
        for (int row = 0; row < probabilities.length; row++) {
            System.arraycopy(probabilities[row], 0, flat, row * classes, classes);
        }
        return FloatTensor.of(Shape.of(probabilities.length, classes), flat);
    }

    /// Reads the output, and compares it with the truth.
    public static Evaluation read(byte[] output, Partition partition) {
        try (Safetensors file = Safetensors.of(output)) {
            return read(file, TENSOR, partition);
        }
    }

    /// Reads what the head that was trained before answered, where the backbone was fine-tuned.
    public static Optional<Evaluation> readBefore(byte[] output, Partition partition) {
        try (Safetensors file = Safetensors.of(output)) {
            return file.names().contains(BEFORE) ? Optional.of(read(file, BEFORE, partition)) : Optional.empty();
        }
    }

    private static Evaluation read(Safetensors file, String tensor, Partition partition) {
        float[] flat = file.tensor(tensor).toArray();
        int classes = partition.labels().size();
        float[][] probabilities = new float[partition.evaluation().size()][];
        for (int row = 0; row < probabilities.length; row++) {
            probabilities[row] = Arrays.copyOfRange(flat, row * classes, (row + 1) * classes);
        }
        return evaluation(probabilities, partition);
    }

    private static Evaluation evaluation(float[][] probabilities, Partition partition) {
        return Evaluation.of(
                probabilities,
                Partition.labels(partition.evaluation()),
                partition.labels().size());
    }
}

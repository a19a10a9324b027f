package dev.graft.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.networks.Backbone;
import dev.graft.networks.inference.InferenceException;
import dev.graft.networks.inference.NonFiniteFeaturesException;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Shape;
import dev.graft.networks.onnx.BackboneExport;
import dev.graft.networks.quantisation.ActivationRanges;
import dev.graft.networks.quantisation.Range;
import dev.graft.networks.weights.Weights;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Finds the ranges of a network's values in pictures. Safe for use by several threads at once. The same
/// pictures give the same ranges, in whatever order and on however many threads: each passes alone, and only the
/// outermost of their ends count. So none of them is cut off much, as a picture of strong contrast would be by
/// ranges that suit most.
public final class Calibrator implements AutoCloseable {
    private static final String RULE = "in no picture more than 1 number in 10,000 lies beyond either end";

    private final Backbone backbone;
    private final OrtModel model;
    private final List<String> values;

    /// The lower and the upper ends of the values, one row a picture. Guarded by itself.
    private final List<Ends> pictures = new ArrayList<>();

    private record Ends(float[] least, float[] greatest) {}

    private Calibrator(Backbone backbone, OrtModel model, List<String> values) {
        this.backbone = backbone;
        this.model = model;
        this.values = values;
    }

    /// Loads a network up to its default layer.
    ///
    /// @param backbone the weight set
    /// @param weights its weights, needed only during this call
    /// @param parallelism how many pictures may pass side by side
    /// @throws IllegalArgumentException when this network is not computed in eight bits
    /// @throws InferenceException when ONNX Runtime refuses the model
    public static Calibrator load(Backbone backbone, Weights weights, int parallelism) {
        Network network = backbone.network().upTo(backbone.defaultLayer());
        return new Calibrator(
                backbone,
                OrtModel.load(BackboneExport.measuring(network, weights), parallelism),
                BackboneExport.eightBitValues(network));
    }

    /// Takes a picture into account.
    ///
    /// @param image float32 `[3, inputSize, inputSize]`, normalised
    /// @throws IllegalArgumentException when the array is no such picture
    /// @throws NonFiniteFeaturesException when the network makes numbers of it that are not finite
    /// @throws InferenceException when the forward pass fails
    public void add(float[] image) {
        int size = backbone.preprocessing().inputSizePixels();
        Shape shape = Shape.of(3, size, size);
        if (image.length != shape.elements()) {
            throw new IllegalArgumentException(image.length + " floats are no picture of " + shape);
        }
        Ends ends = model.run((environment, session) -> measure(environment, session, image, shape));
        synchronized (pictures) {
            pictures.add(ends);
        }
    }

    private Ends measure(OrtEnvironment environment, OrtSession session, float[] image, Shape shape)
            throws OrtException {
        float[] least = new float[values.size()];
        float[] greatest = new float[values.size()];
        try (OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(image), shape.batched(1));
                OrtSession.Result result = session.run(Map.of(BackboneExport.IMAGES, input))) {
            float[] features = ((float[][])
                            result.get(BackboneExport.FEATURES).orElseThrow().getValue())
                    [0];
            // Infinite numbers of a map may be among those that its ends leave out, but they reach the features.
            NonFiniteFeaturesException.requireFinite(features, 0, features.length);
            for (int i = 0; i < least.length; i++) {
                least[i] = number(result, BackboneExport.least(values.get(i)));
                greatest[i] = number(result, BackboneExport.greatest(values.get(i)));
            }
            return new Ends(least, greatest);
        }
    }

    private static float number(OrtSession.Result result, String output) throws OrtException {
        return ((float[]) result.get(output).orElseThrow().getValue())[0];
    }

    /// Returns the ranges found so far.
    ///
    /// @param weightsSha256 digest of the file of weights
    /// @param source which pictures they were, in words
    /// @throws IllegalStateException when no picture was added
    public ActivationRanges ranges(String weightsSha256, String source) {
        List<Ends> ends;
        synchronized (pictures) {
            ends = List.copyOf(pictures);
        }
        if (ends.isEmpty()) {
            throw new IllegalStateException("ranges need at least one picture");
        }
        SequencedMap<String, Range> ranges = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            int value = i;
            double least =
                    ends.stream().mapToDouble(row -> row.least()[value]).min().orElseThrow();
            double greatest = ends.stream()
                    .mapToDouble(row -> row.greatest()[value])
                    .max()
                    .orElseThrow();
            Range range = new Range((float) least, (float) greatest);
            boolean pixels = values.get(i).equals(BackboneExport.IMAGES);
            ranges.put(values.get(i), (pixels ? range.widened() : range).rounded());
        }
        return new ActivationRanges(
                backbone.name(), weightsSha256, backbone.preprocessing().digest(), source, ends.size(), RULE, ranges);
    }

    @Override
    public void close() {
        model.close();
    }
}

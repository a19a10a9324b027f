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

/// Finds the ranges of a network's values in images. Safe for use by several threads at once. The same
/// images give the same ranges, in whatever order and on however many threads: each passes alone, and the
/// least of their minima and the greatest of their maxima count. So none of them is cut off much, as an image of strong
/// contrast would be by ranges that suit most.
public final class Calibrator implements AutoCloseable {
    private static final String RULE = "in no picture more than 1 number in 10,000 lies beyond either end";

    private final Backbone backbone;
    private final OrtModel model;
    private final List<String> values;

    /// What was found in each image. Guarded by itself.
    private final List<Percentiles> images = new ArrayList<>();

    /// The minimum and the maximum of each value in an image, without the numbers that lie beyond ([#RULE]).
    private record Percentiles(float[] minima, float[] maxima) {}

    private Calibrator(Backbone backbone, OrtModel model, List<String> values) {
        this.backbone = backbone;
        this.model = model;
        this.values = values;
    }

    /// Loads a network up to its default layer.
    ///
    /// @param backbone the weight set
    /// @param weights its weights, needed only during this call
    /// @param parallelism how many images may pass side by side
    /// @throws IllegalArgumentException when this network is not computed in eight bits
    /// @throws InferenceException when ONNX Runtime refuses the model
    public static Calibrator load(Backbone backbone, Weights weights, int parallelism) {
        Network network = backbone.network().upTo(backbone.defaultLayer());
        return new Calibrator(
                backbone,
                OrtModel.load(BackboneExport.measuring(network, weights), parallelism),
                BackboneExport.eightBitValues(network));
    }

    /// Takes an image into account.
    ///
    /// @param image float32 `[3, inputSize, inputSize]`, normalised
    /// @throws IllegalArgumentException when the array is no such image
    /// @throws NonFiniteFeaturesException when the network makes numbers of it that are not finite
    /// @throws InferenceException when the forward pass fails
    public void add(float[] image) {
        int size = backbone.preprocessing().inputSizePixels();
        Shape shape = Shape.of(3, size, size);
        if (image.length != shape.elements()) {
            throw new IllegalArgumentException(image.length + " floats are no picture of " + shape);
        }
        Percentiles found = model.run((environment, session) -> measure(environment, session, image, shape));
        synchronized (images) {
            images.add(found);
        }
    }

    private Percentiles measure(OrtEnvironment environment, OrtSession session, float[] image, Shape shape)
            throws OrtException {
        float[] minima = new float[values.size()];
        float[] maxima = new float[values.size()];
        try (OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(image), shape.batched(1));
                OrtSession.Result result = session.run(Map.of(BackboneExport.IMAGES, input))) {
            float[] features = ((float[][])
                            result.get(BackboneExport.FEATURES).orElseThrow().getValue())
                    [0];
            // Infinite numbers of a map may be among those that its percentiles leave out, but they reach the features.
            NonFiniteFeaturesException.requireFinite(features, 0, features.length);
            for (int i = 0; i < minima.length; i++) {
                minima[i] = number(result, BackboneExport.minimum(values.get(i)));
                maxima[i] = number(result, BackboneExport.maximum(values.get(i)));
            }
            return new Percentiles(minima, maxima);
        }
    }

    private static float number(OrtSession.Result result, String output) throws OrtException {
        return ((float[]) result.get(output).orElseThrow().getValue())[0];
    }

    /// Returns the ranges found so far.
    ///
    /// @param weightsSha256 digest of the file of weights
    /// @param source which images they were, in words
    /// @throws IllegalStateException when no image was added
    public ActivationRanges ranges(String weightsSha256, String source) {
        List<Percentiles> found;
        synchronized (images) {
            found = List.copyOf(images);
        }
        if (found.isEmpty()) {
            throw new IllegalStateException("ranges need at least one picture");
        }
        SequencedMap<String, Range> ranges = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            int value = i;
            double minimum =
                    found.stream().mapToDouble(row -> row.minima()[value]).min().orElseThrow();
            double maximum =
                    found.stream().mapToDouble(row -> row.maxima()[value]).max().orElseThrow();
            Range range = new Range((float) minimum, (float) maximum);
            boolean pixels = values.get(i).equals(BackboneExport.IMAGES);
            ranges.put(values.get(i), (pixels ? range.widened() : range).rounded());
        }
        return new ActivationRanges(
                backbone.name(), weightsSha256, backbone.preprocessing().digest(), source, found.size(), RULE, ranges);
    }

    @Override
    public void close() {
        model.close();
    }
}

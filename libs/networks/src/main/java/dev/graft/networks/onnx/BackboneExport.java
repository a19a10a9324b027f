package dev.graft.networks.onnx;

import dev.graft.networks.Backbone;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Shape;
import dev.graft.networks.quantisation.Quantisation;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Weights;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Makes ONNX models of networks. Stateless.
public final class BackboneExport {
    /// Name of the input of [#features]: float32 `[batch, 3, height, width]`, normalised; of the upper part of
    /// a network ([Network#from]), what the step gives that it begins with.
    public static final String IMAGES = "images";

    /// Name of the output of [#features]: float32 `[batch, …]`.
    public static final String FEATURES = "features";

    /// Name of the input of [#classifier]: uint8 `[batch, height, width, 3]`, RGB.
    public static final String PIXELS = "pixels";

    /// Name of an output of [#classifier]: float32 `[batch, classes]`, each row summing to 1.
    public static final String PROBABILITIES = "probabilities";

    /// Name of an output of [#classifier]: float32 `[batch, numbers of the last layer]`.
    public static final String LOGITS = "logits";

    /// Name of an output of [#classifier]: float32 `[batch, features]`, what the head takes.
    public static final String EMBEDDING = "embedding";

    private static final float GREATEST_PIXEL = 255;

    private BackboneExport() {}

    /// Makes a model from normalised images to the result of a network: input [#IMAGES], output [#FEATURES].
    ///
    /// @param network the part of a network that gives the features, for images of its input size, or an upper
    ///     part
    /// @param weights its weights, open until the model is written
    public static OnnxModel features(Network network, Weights weights) {
        return features(network, weights, Optional.empty());
    }

    /// Makes a model from normalised images to the result of a network, as [#features(Network, Weights)].
    ///
    /// @param quantisation how it is computed in eight bits; else it is computed in float32
    /// @throws IllegalArgumentException when this network is not computed in eight bits, or a range is missing,
    ///     or it is an upper part, which is computed in float32 only
    public static OnnxModel features(Network network, Weights weights, Optional<Quantisation> quantisation) {
        quantisation.ifPresent(_ -> requireImages(network));
        return write(graph(network, weights), quantisation, Map.of());
    }

    /// Makes a model as [#features(Network, Weights)] that gives, besides, the minimum and the maximum of each of
    /// the [#eightBitValues]: outputs [#minimum] and [#maximum] of its name, float32 `[batch]`.
    ///
    /// @throws IllegalArgumentException when this network is not computed in eight bits
    public static OnnxModel measuring(Network network, Weights weights) {
        requireImages(network);
        OnnxGraph graph = graph(network, weights);
        return OnnxWriter.write(RangeMeasurement.of(graph, ByteValues.of(graph, IMAGES)), Map.of());
    }

    /// Returns whether a network is computed in eight bits where that is asked for: it is refused where it does
    /// not pay, or cannot be exact enough.
    public static boolean takesEightBits(Network network) {
        try {
            return !eightBitValues(network).isEmpty();
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    /// Lists the values of a network that are kept as bytes when it is computed in eight bits, in order; each
    /// needs a range.
    ///
    /// @throws IllegalArgumentException when this network is not computed in eight bits
    public static List<String> eightBitValues(Network network) {
        requireImages(network);
        return ByteValues.of(graph(network, Weights.of(Map.of())), IMAGES).rangeOwners();
    }

    /// Names the output of [#measuring] that is the minimum of a value.
    public static String minimum(String value) {
        return value + "/least";
    }

    /// Names the output of [#measuring] that is the maximum of a value.
    public static String maximum(String value) {
        return value + "/greatest";
    }

    private static void requireImages(Network network) {
        if (!network.takesImages()) {
            throw new IllegalArgumentException(
                    "this part of " + network.name() + " takes " + network.inputShape() + ", not images");
        }
    }

    private static OnnxGraph graph(Network network, Weights weights) {
        GraphBuilder graph = new GraphBuilder(network.name());
        String input = graph.input(IMAGES, ElementType.FLOAT, network.inputShape());
        String result = new NetworkLowering(graph, network, weights).lower(input);
        graph.node(Operator.IDENTITY, FEATURES, List.of(result));
        graph.output(FEATURES, network.outputShape());
        return graph.build();
    }

    private static OnnxModel write(OnnxGraph graph, Optional<Quantisation> quantisation, Map<String, String> metadata) {
        OnnxGraph written = quantisation
                .map(eightBits -> Quantiser.quantise(graph, ByteValues.of(graph, IMAGES), eightBits))
                .orElse(graph);
        return OnnxWriter.write(written, metadata);
    }

    /// Makes a whole classifier, from raw pixels to probabilities: input [#PIXELS], outputs [#PROBABILITIES],
    /// [#LOGITS] and [#EMBEDDING]. The pixels are those that the backbone's recipe gives before normalisation,
    /// rows of RGB as decoders give them; casting and normalising are part of the model. Its custom metadata
    /// holds the texts of [Backbone#describe], the input size and whatever the caller adds, such as the labels.
    ///
    /// @param backbone whose recipe normalises the pixels
    /// @param network the part of the backbone's network that gives one row of features
    /// @param weights its weights, open until the model is written
    /// @param head what follows the features
    /// @param metadata texts to add
    /// @throws IllegalArgumentException when the network does not take images, or the head does not fit it
    public static OnnxModel classifier(
            Backbone backbone, Network network, Weights weights, Head head, Map<String, String> metadata) {
        return classifier(backbone, network, weights, Optional.empty(), head, metadata);
    }

    /// Makes a whole classifier, as [#classifier(Backbone, Network, Weights, Head, Map)].
    ///
    /// @param quantisation how the network is computed in eight bits; else in float32, as the head always is
    /// @throws IllegalArgumentException as there, and when this network is not computed in eight bits, or a
    ///     range is missing
    public static OnnxModel classifier(
            Backbone backbone,
            Network network,
            Weights weights,
            Optional<Quantisation> quantisation,
            Head head,
            Map<String, String> metadata) {
        requireImages(network);
        Shape features = network.outputShape();
        if (!features.equals(Shape.of(head.inFeatures()))) {
            throw new IllegalArgumentException(
                    "a head of " + head.inFeatures() + " features does not fit a network that gives " + features);
        }
        GraphBuilder graph = new GraphBuilder(backbone.name());
        int size = network.inputSize();
        String pixels = graph.input(PIXELS, ElementType.UINT8, Shape.of(size, size, 3));
        String images = normalised(graph, pixels, backbone);
        graph.node(Operator.IDENTITY, EMBEDDING, List.of(new NetworkLowering(graph, network, weights).lower(images)));
        writeHead(graph, head);
        graph.output(PROBABILITIES, Shape.of(head.classes()));
        graph.output(LOGITS, Shape.of(head.layers().getLast().outFeatures()));
        graph.output(EMBEDDING, features);
        Map<String, String> texts = new TreeMap<>(backbone.describe());
        texts.put("inputSize", String.valueOf(size));
        texts.putAll(metadata);
        return write(graph.build(), quantisation, texts);
    }

    private static String normalised(GraphBuilder graph, String pixels, Backbone backbone) {
        Shape perChannel = Shape.of(3, 1, 1);
        float[] mean = new float[3];
        float[] scale = new float[3];
        for (int channel = 0; channel < 3; channel++) {
            mean[channel] = (float) (backbone.preprocessing().mean().get(channel) * GREATEST_PIXEL);
            scale[channel] = (float) (1 / (backbone.preprocessing().std().get(channel) * GREATEST_PIXEL));
        }
        String planar = graph.node(
                Operator.TRANSPOSE, "pixels/planar", List.of(pixels), Attribute.of("perm", new long[] {0, 3, 1, 2}));
        String cast = graph.node(
                Operator.CAST, "pixels/float", List.of(planar), Attribute.of("to", ElementType.FLOAT.number()));
        String meanValue = graph.constant("pixels/mean", perChannel, () -> FloatTensor.of(perChannel, mean));
        String scaleValue = graph.constant("pixels/scale", perChannel, () -> FloatTensor.of(perChannel, scale));
        String centred = graph.node(Operator.SUB, "pixels/centred", List.of(cast, meanValue));
        return graph.node(Operator.MUL, IMAGES, List.of(centred, scaleValue));
    }

    private static void writeHead(GraphBuilder graph, Head head) {
        String value = EMBEDDING;
        int last = head.layers().size() - 1;
        for (int i = 0; i <= last; i++) {
            Dense layer = head.layers().get(i);
            String name = i == last ? LOGITS : "head." + i;
            String weight =
                    graph.constant("head." + i + ".weight", layer.weight().shape(), layer::weight);
            String bias = graph.constant("head." + i + ".bias", layer.bias().shape(), layer::bias);
            String sum = layer.activation().isPresent() ? name + "/sum" : name;
            String input = value;
            value = graph.node(Operator.GEMM, sum, List.of(input, weight, bias), Attribute.of("transB", 1));
            if (layer.activation().isPresent()) {
                value = NetworkLowering.activation(graph, layer.activation().get(), name, value);
            }
        }
        switch (head.output()) {
            case SOFTMAX -> graph.node(Operator.SOFTMAX, PROBABILITIES, List.of(value), Attribute.of("axis", 1));
            case SIGMOID -> {
                String second = graph.node(Operator.SIGMOID, "probabilities/second", List.of(value));
                String first =
                        graph.node(Operator.SUB, "probabilities/first", List.of(graph.scalar("const.1", 1), second));
                graph.node(Operator.CONCAT, PROBABILITIES, List.of(first, second), Attribute.of("axis", 1));
            }
        }
    }
}

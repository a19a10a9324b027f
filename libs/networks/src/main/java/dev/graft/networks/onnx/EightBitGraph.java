package dev.graft.networks.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A graph that knows which of its values a network in eight bits keeps as bytes: the pictures, and the maps that
/// convolutions, sums, pools and the like give, each after the ReLU that follows it, once a node reads them. The
/// rest stays float32, foremost what comes after the last map.
abstract class EightBitGraph extends OnnxGraph {
    private static final String CONVOLUTION = "Conv";
    private static final Set<String> OF_MAPS =
            Set.of("BatchNormalization", "Relu", "Clip", "Add", "Concat", "MaxPool", "AveragePool");

    /// ReLUs are no more than the ends of the range of the sum that they follow.
    static final Set<String> LIMITS = Set.of("Relu", "Clip");

    private static final Set<String> SUMS = Set.of(CONVOLUTION, "BatchNormalization", "Add");

    /// What reads maps where activations are smooth, as Swish and GELU: between bytes and float32 to and fro, such a
    /// network is slower than in float32 (efficientnet_b0 by a fifth) and far from its features.
    private static final Set<String> SMOOTH = Set.of("Sigmoid", "Div");

    private final String network;
    private final Map<String, String> maps = new HashMap<>();
    private final Map<String, String> rangeOwners = new HashMap<>();

    EightBitGraph(String name) {
        super(name);
        this.network = name;
    }

    /// Adds a node, which reads bytes where its inputs are kept so.
    ///
    /// @throws IllegalArgumentException when the network is of a kind that is not computed in eight bits
    @Override
    final String node(String type, String name, List<String> inputs, Attribute... attributes) {
        String first = inputs.getFirst();
        if (type.equals("LayerNormalization") || SMOOTH.contains(type) && maps.containsKey(first)) {
            throw new IllegalArgumentException(
                    network + " is not computed in int8, which pays for convolutions with ReLU only; use f32");
        }
        List<String> taken = inputs.stream()
                .map(input -> areBytes(input, type) ? bytes(input, rangeOwner(input)) : input)
                .toList();
        if (type.equals(CONVOLUTION) || OF_MAPS.contains(type) && maps.containsKey(first)) {
            maps.put(name, type);
        }
        if (type.equals("MaxPool")) {
            rangeOwners.put(name, rangeOwner(first));
        }
        return write(type, name, taken, attributes);
    }

    /// Returns what a node reads in place of a value that is kept as bytes.
    ///
    /// @param value the value, float32
    /// @param rangeOwner the value whose range it has: its own, or that of the map a maximum was taken of
    abstract String bytes(String value, String rangeOwner);

    /// Adds a node whose inputs are settled.
    String write(String type, String name, List<String> inputs, Attribute... attributes) {
        return super.node(type, name, inputs, attributes);
    }

    private boolean areBytes(String value, String reader) {
        if (value.equals(BackboneExport.IMAGES)) {
            return reader.equals(CONVOLUTION);
        }
        String type = maps.get(value);
        return type != null && !(LIMITS.contains(reader) && SUMS.contains(type));
    }

    private String rangeOwner(String value) {
        return rangeOwners.getOrDefault(value, value);
    }
}

package dev.graft.networks.onnx;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/// Which values of a graph the same network in eight bits keeps as bytes: the images, and the maps that convolutions,
/// sums, pools and the like give, each after the ReLU that follows it, once a node reads them. The rest stays float32,
/// foremost what comes after the last map.
final class ByteValues {
    private final String images;
    private final Map<String, Role> maps = new HashMap<>();
    private final Map<String, String> rangeOwners = new HashMap<>();
    private final SequencedSet<String> owners = new LinkedHashSet<>();

    /// What an operator is to the maps of bytes that it reads or gives.
    private enum Role {
        /// Reads images as bytes and gives a map.
        CONVOLUTION,
        /// Gives a map of sums, which may go on after a limit.
        SUM,
        /// A ReLU: no more than the minimum and the maximum of the sum that it follows.
        LIMIT,
        /// Gives a map of numbers that are in the maps it reads.
        SELECTION,
        /// Gives a map whose range is that of the map it reads.
        GREATEST,
        /// A part of smooth activations, as Swish and GELU: between bytes and float32 to and fro, such a network is
        /// slower than in float32 (efficientnet_b0 by a fifth) and far from its features.
        SMOOTH,
        /// Belongs to transformers, which do not gain.
        REFUSED,
        /// Gives no map.
        OTHER
    }

    private ByteValues(String images) {
        this.images = images;
    }

    /// Finds the values of a graph.
    ///
    /// @param images name of the normalised images
    /// @throws IllegalArgumentException when the network is of a kind that is not computed in eight bits
    static ByteValues of(OnnxGraph graph, String images) {
        ByteValues values = new ByteValues(images);
        graph.nodes().forEach(node -> values.add(graph.name(), node));
        return values;
    }

    private void add(String network, GraphNode node) {
        Role role = role(node.operator());
        String first = node.inputs().getFirst();
        boolean ofMap = maps.containsKey(first);
        if (role == Role.REFUSED || role == Role.SMOOTH && ofMap) {
            throw new IllegalArgumentException(
                    network + " is not computed in int8, which pays for convolutions with ReLU only; use f32");
        }
        for (String input : node.inputs()) {
            if (areRead(node, input)) {
                owners.add(rangeOwner(input));
            }
        }
        boolean map = switch (role) {
            case CONVOLUTION -> true;
            case SUM, LIMIT, SELECTION, GREATEST -> ofMap;
            case SMOOTH, REFUSED, OTHER -> false;
        };
        if (map) {
            maps.put(node.name(), role);
        }
        if (role == Role.GREATEST) {
            rangeOwners.put(node.name(), rangeOwner(first));
        }
    }

    /// Returns whether a node reads bytes where it takes a value.
    boolean areRead(GraphNode reader, String value) {
        Role role = role(reader.operator());
        if (value.equals(images)) {
            return role == Role.CONVOLUTION;
        }
        Role giver = maps.get(value);
        boolean sum = giver == Role.CONVOLUTION || giver == Role.SUM;
        return giver != null && !(role == Role.LIMIT && sum);
    }

    /// Returns the name of the normalised images.
    String images() {
        return images;
    }

    /// Returns whether a node is a ReLU.
    static boolean isLimit(GraphNode node) {
        return role(node.operator()) == Role.LIMIT;
    }

    /// Returns the value whose range a value has: its own, or that of the map that a maximum was taken of.
    String rangeOwner(String value) {
        return rangeOwners.getOrDefault(value, value);
    }

    /// Returns the names of the values that need a range, in order.
    List<String> rangeOwners() {
        return List.copyOf(owners);
    }

    private static Role role(Operator operator) {
        return switch (operator) {
            case CONV -> Role.CONVOLUTION;
            case BATCH_NORMALIZATION, ADD -> Role.SUM;
            case RELU, CLIP -> Role.LIMIT;
            case CONCAT, AVERAGE_POOL -> Role.SELECTION;
            case MAX_POOL -> Role.GREATEST;
            case SIGMOID, DIV -> Role.SMOOTH;
            case LAYER_NORMALIZATION -> Role.REFUSED;
            case CAST,
                    DEQUANTIZE_LINEAR,
                    ERF,
                    FLATTEN,
                    GATHER,
                    GEMM,
                    GLOBAL_AVERAGE_POOL,
                    IDENTITY,
                    MAT_MUL,
                    MUL,
                    PAD,
                    QUANTIZE_LINEAR,
                    REDUCE_MAX,
                    REDUCE_MEAN,
                    REDUCE_MIN,
                    RESHAPE,
                    SHAPE,
                    SOFTMAX,
                    SPLIT,
                    SUB,
                    TOP_K,
                    TRANSPOSE -> Role.OTHER;
        };
    }
}

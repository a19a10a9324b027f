package dev.graft.networks.onnx;

import dev.graft.networks.network.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Adds to a graph in float32 outputs that give, for each image, the minimum and the maximum of every value that the
/// same network in eight bits keeps as bytes. They are percentiles: what one number in 10,000 lies beyond, so that a
/// few odd positions of a map do not coarsen all others.
final class RangeMeasurement {
    private static final long NUMBERS_FOR_EACH_BEYOND = 10_000;
    private static final Attribute NUMBERS_OF_AN_IMAGE = Attribute.of("axes", new long[] {1});

    private final GraphBuilder measured;
    private final ByteValues bytes;
    private final Set<String> done = new HashSet<>();

    private RangeMeasurement(GraphBuilder measured, ByteValues bytes) {
        this.measured = measured;
        this.bytes = bytes;
    }

    /// Returns the graph with the outputs [BackboneExport#minimum] and [BackboneExport#maximum] of each value.
    ///
    /// @param bytes the values of the graph that are kept as bytes
    static OnnxGraph of(OnnxGraph graph, ByteValues bytes) {
        RangeMeasurement pass = new RangeMeasurement(new GraphBuilder(graph.name()), bytes);
        graph.elements().forEach(pass::add);
        return pass.measured.build();
    }

    private void add(GraphElement element) {
        if (element instanceof GraphNode node) {
            node.inputs().stream()
                    .filter(input -> bytes.areRead(node, input))
                    .map(bytes::rangeOwner)
                    .filter(done::add)
                    .forEach(this::measure);
        }
        measured.add(element);
    }

    private void measure(String value) {
        String numbers = measured.node(Operator.FLATTEN, value + "/numbers", List.of(value), Attribute.of("axis", 1));
        String size = measured.node(Operator.SHAPE, value + "/size", List.of(numbers), Attribute.of("start", 1));
        String share = measured.integers("const.numbersForEachBeyond", Shape.of(1), NUMBERS_FOR_EACH_BEYOND);
        String beyond = measured.node(Operator.DIV, value + "/beyond", List.of(size, share));
        String one = measured.integers("const.one", Shape.of(1), 1);
        String rank = measured.node(Operator.ADD, value + "/rank", List.of(beyond, one));
        String lowest = measured.outermost(value + "/lowest", numbers, rank, false);
        percentile(Operator.REDUCE_MAX, BackboneExport.minimum(value), lowest);
        String highest = measured.outermost(value + "/highest", numbers, rank, true);
        percentile(Operator.REDUCE_MIN, BackboneExport.maximum(value), highest);
    }

    private void percentile(Operator operator, String name, String outermost) {
        measured.node(operator, name, List.of(outermost), NUMBERS_OF_AN_IMAGE, Attribute.of("keepdims", 0));
        measured.output(name, Shape.of());
    }
}

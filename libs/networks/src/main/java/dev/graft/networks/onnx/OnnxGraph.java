package dev.graft.networks.onnx;

import java.util.List;
import java.util.stream.Stream;

/// A finished graph of typed nodes. Passes make other graphs of it ([Quantiser], [RangeMeasurement]); [OnnxWriter]
/// writes it down. Immutable.
///
/// @param name     of the network
/// @param elements in the order in which they are written: each value stands before those who take it
record OnnxGraph(String name, List<GraphElement> elements) {
    OnnxGraph {
        elements = List.copyOf(elements);
    }

    /// Returns the nodes, in order.
    Stream<GraphNode> nodes() {
        return elements.stream().filter(GraphNode.class::isInstance).map(GraphNode.class::cast);
    }
}

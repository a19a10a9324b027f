package dev.graft.networks.onnx;

import java.util.List;
import java.util.stream.Stream;

/// A node of a graph: an operator, the names of the values that it takes, and the names of those that it gives, the
/// first of which is its own.
sealed interface GraphNode extends GraphElement {
    /// Returns what it computes.
    Operator operator();

    /// Returns the names of what it takes.
    List<String> inputs();

    /// Returns the names of what it gives.
    List<String> outputs();

    /// Returns the settings of the operator.
    List<Attribute> attributes();

    /// Returns the name of the first value that it gives.
    default String name() {
        return outputs().getFirst();
    }

    /// A convolution.
    ///
    /// @param inputs the map, the filters, and the biases where there are any
    record Convolution(String name, List<String> inputs, SlidingWindow sweep, int groups) implements GraphNode {
        @Override
        public Operator operator() {
            return Operator.CONV;
        }

        @Override
        public List<String> outputs() {
            return List.of(name);
        }

        @Override
        public List<Attribute> attributes() {
            return Stream.concat(Stream.of(sweep.attributes()), Stream.of(Attribute.of("group", groups)))
                    .toList();
        }
    }

    /// A normalisation of each channel by its own statistics.
    ///
    /// @param inputs the map, and of each channel the factor, the shift, the mean and the variance
    record BatchNormalization(String name, List<String> inputs, double epsilon) implements GraphNode {
        @Override
        public Operator operator() {
            return Operator.BATCH_NORMALIZATION;
        }

        @Override
        public List<String> outputs() {
            return List.of(name);
        }

        @Override
        public List<Attribute> attributes() {
            return List.of(Attribute.of("epsilon", (float) epsilon));
        }
    }

    /// A node of any operator, of which no pass needs to know more than its settings.
    record Operation(Operator operator, List<String> inputs, List<String> outputs, List<Attribute> attributes)
            implements GraphNode {
        /// Copies the lists.
        public Operation {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
            attributes = List.copyOf(attributes);
        }
    }

    /// Returns the same node that takes other values.
    default GraphNode withInputs(List<String> others) {
        return switch (this) {
            case Convolution node -> new Convolution(node.name(), others, node.sweep(), node.groups());
            case BatchNormalization node -> new BatchNormalization(node.name(), others, node.epsilon());
            case Operation node -> new Operation(node.operator(), others, node.outputs(), node.attributes());
        };
    }
}

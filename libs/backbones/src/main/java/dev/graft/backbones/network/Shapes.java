package dev.graft.backbones.network;

import java.util.List;

/// Checks the inputs of operations; the laws that several of them share.
final class Shapes {
    private Shapes() {}

    static Shape only(List<Shape> inputs) {
        if (inputs.size() != 1) {
            throw new IllegalArgumentException("one input is wanted, not " + inputs);
        }
        return inputs.get(0);
    }

    static Shape map(List<Shape> inputs) {
        Shape input = only(inputs);
        if (!input.isMap()) {
            throw new IllegalArgumentException("a map [channels, height, width] is wanted, not " + input);
        }
        return input;
    }

    static List<ParameterSpec> weightAndBias(String node, Shape weight, boolean bias) {
        ParameterSpec weights = new ParameterSpec(node + ".weight", weight, true);
        return bias
                ? List.of(weights, new ParameterSpec(node + ".bias", Shape.of(weight.at(0)), true))
                : List.of(weights);
    }
}

package dev.graft.networks.network;

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

    static Shape tokens(List<Shape> inputs) {
        Shape input = only(inputs);
        if (!input.isTokens()) {
            throw new IllegalArgumentException("tokens [positions, channels] are wanted, not " + input);
        }
        return input;
    }

    /// Returns the number of channels: the first axis of a map, the last axis of tokens and rows.
    static int channels(List<Shape> inputs) {
        Shape input = only(inputs);
        if (input.rank() < 1 || input.rank() > 3) {
            throw new IllegalArgumentException("a map, tokens or a row are wanted, not " + input);
        }
        return input.isMap() ? input.at(0) : input.at(input.rank() - 1);
    }

    /// Returns a number of positions or elements as the extent of an axis.
    static int extent(long number) {
        if (number > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("an axis of " + number + " is too long");
        }
        return (int) number;
    }

    static List<ParameterSpec> weightAndBias(String node, Shape weight, boolean bias) {
        ParameterSpec weights = new ParameterSpec(node + ".weight", weight, true);
        return bias
                ? List.of(weights, new ParameterSpec(node + ".bias", Shape.of(weight.at(0)), true))
                : List.of(weights);
    }
}

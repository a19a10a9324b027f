package dev.graft.networks.network;

import java.util.ArrayList;
import java.util.List;

/// An operation of a network: what it computes, the shape it gives and the parameters it needs. Shapes leave
/// the batch axis out. Every implementation is a value: the same operation may stand at many nodes.
public sealed interface Op
        permits Op.Activate,
                Op.Add,
                Op.BatchNorm,
                Op.Concat,
                Op.Conv2d,
                Op.Excite,
                Op.Flatten,
                Op.Input,
                Op.Linear,
                Op.Scale,
                PoolingOp,
                TransformerOp {
    /// Returns the shape of the result.
    ///
    /// @param inputs shapes of the inputs, in order
    /// @throws IllegalArgumentException when the inputs do not fit the operation
    Shape outputShape(List<Shape> inputs);

    /// Returns the parameters, named `node.weight` and so on.
    ///
    /// @param node name of the node
    /// @param inputs shapes of the inputs, in order
    default List<ParameterSpec> parameters(String node, List<Shape> inputs) {
        return List.of();
    }

    /// Returns the number of multiply-add steps for one image: the products of convolutions, of matrices and
    /// of attention. Whatever else is computed, normalisation and scaling among it, counts as none.
    default long multiplyAdds(List<Shape> inputs) {
        return 0;
    }

    /// The normalised image.
    ///
    /// @param shape `[3, height, width]`
    record Input(Shape shape) implements Op {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            return shape;
        }
    }

    /// Convolves a map: `[in, h, w]` to `[out, h', w']`.
    ///
    /// @param outChannels channels of the result
    /// @param window the sliding window
    /// @param groups how many independent groups the channels fall into; one for each channel when depth-wise
    /// @param bias whether a bias per channel is added
    record Conv2d(int outChannels, Window window, int groups, boolean bias) implements Op {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape map = Shapes.map(inputs);
            if (map.at(0) % groups != 0 || outChannels % groups != 0) {
                throw new IllegalArgumentException(
                        map.at(0) + " to " + outChannels + " channels do not fall into " + groups + " groups");
            }
            return window.slideOver(map, outChannels);
        }

        @Override
        public List<ParameterSpec> parameters(String node, List<Shape> inputs) {
            int inChannels = Shapes.map(inputs).at(0);
            Shape weight = Shape.of(outChannels, inChannels / groups, window.height(), window.width());
            return Shapes.weightAndBias(node, weight, bias);
        }

        @Override
        public long multiplyAdds(List<Shape> inputs) {
            int inChannels = Shapes.map(inputs).at(0);
            return outputShape(inputs).elements() * (inChannels / groups) * window.height() * window.width();
        }
    }

    /// Normalises each channel by running statistics: `(x − mean) / sqrt(variance + epsilon) · weight + bias`.
    ///
    /// @param epsilon what is added to the variance
    record BatchNorm(double epsilon) implements Op {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Shapes.map(inputs);
        }

        @Override
        public List<ParameterSpec> parameters(String node, List<Shape> inputs) {
            Shape channels = Shape.of(Shapes.map(inputs).at(0));
            return List.of(
                    new ParameterSpec(node + ".weight", channels, true),
                    new ParameterSpec(node + ".bias", channels, true),
                    new ParameterSpec(node + ".running_mean", channels, false),
                    new ParameterSpec(node + ".running_var", channels, false));
        }
    }

    /// Applies a function to every element.
    ///
    /// @param function the function
    record Activate(Activation function) implements Op {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Shapes.only(inputs);
        }
    }

    /// Multiplies each channel of a map `[channels, h, w]` by a factor of its own, `[channels, 1, 1]`.
    record Excite() implements Op {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape map = Shapes.map(inputs.subList(0, 1));
            if (inputs.size() != 2 || !inputs.get(1).equals(Shape.of(map.at(0), 1, 1))) {
                throw new IllegalArgumentException("a map and a factor for each channel are wanted, not " + inputs);
            }
            return map;
        }
    }

    /// Multiplies every element by one number.
    ///
    /// @param factor the number
    record Scale(double factor) implements Op {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Shapes.only(inputs);
        }
    }

    /// Adds two tensors of one shape.
    record Add() implements Op {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            if (inputs.size() != 2 || !inputs.get(0).equals(inputs.get(1))) {
                throw new IllegalArgumentException("cannot add shapes " + inputs);
            }
            return inputs.get(0);
        }
    }

    /// Joins maps along their channels, or rows one after the other.
    record Concat() implements Op {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape first = inputs.getFirst();
            List<Integer> positions = first.dimensions().subList(1, first.rank());
            int channels = 0;
            for (Shape input : inputs) {
                if (!input.dimensions().subList(1, input.rank()).equals(positions)) {
                    throw new IllegalArgumentException("cannot join shapes " + inputs);
                }
                channels += input.at(0);
            }
            List<Integer> joined = new ArrayList<>(List.of(channels));
            joined.addAll(positions);
            return new Shape(joined);
        }
    }

    /// Lays a tensor out as one row, row-major.
    record Flatten() implements Op {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Shape.of(Shapes.extent(Shapes.only(inputs).elements()));
        }
    }

    /// Multiplies the last axis by a matrix `[out, in]`.
    ///
    /// @param outFeatures extent of the last axis of the result
    /// @param bias whether a bias is added
    record Linear(int outFeatures, boolean bias) implements Op {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            List<Integer> extents = new ArrayList<>(Shapes.only(inputs).dimensions());
            if (extents.isEmpty()) {
                throw new IllegalArgumentException("a linear layer needs at least one axis");
            }
            extents.set(extents.size() - 1, outFeatures);
            return new Shape(extents);
        }

        @Override
        public List<ParameterSpec> parameters(String node, List<Shape> inputs) {
            Shape input = Shapes.only(inputs);
            return Shapes.weightAndBias(node, Shape.of(outFeatures, input.at(input.rank() - 1)), bias);
        }

        @Override
        public long multiplyAdds(List<Shape> inputs) {
            return Shapes.only(inputs).elements() * outFeatures;
        }
    }
}

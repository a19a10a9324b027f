package dev.graft.networks.network;

import java.util.List;

/// An operation of vision transformers, or of the convolutional networks that learned from them. Tokens are
/// `[positions, channels]`: a map's positions row-major, after a class token where there is one.
public sealed interface TransformerOp extends Op {
    /// Normalises the channels at each position by their own mean and variance:
    /// `(x − mean) / sqrt(variance + epsilon) · weight + bias` (Ba, Kiros and Hinton, 2016, arXiv:1607.06450). The
    /// channels are the first axis of a map and the last axis of all else.
    ///
    /// @param epsilon what is added to the variance
    record LayerNorm(double epsilon) implements TransformerOp {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shapes.channels(inputs);
            return Shapes.only(inputs);
        }

        @Override
        public List<ParameterSpec> parameters(String node, List<Shape> inputs) {
            return Shapes.weightAndBias(node, Shape.of(Shapes.channels(inputs)), true);
        }
    }

    /// Multiplies each channel of tokens by a learned number; the parameter carries the node's name.
    record LayerScale() implements TransformerOp {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Shapes.tokens(inputs);
        }

        @Override
        public List<ParameterSpec> parameters(String node, List<Shape> inputs) {
            return List.of(new ParameterSpec(node, Shape.of(Shapes.channels(inputs)), true));
        }
    }

    /// Takes a map's positions as tokens: `[channels, h, w]` to `[h · w, channels]`.
    record MapToTokens() implements TransformerOp {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape map = Shapes.map(inputs);
            return Shape.of(Shapes.extent((long) map.at(1) * map.at(2)), map.at(0));
        }
    }

    /// Lays tokens out as a map again: `[h · w, channels]` to `[channels, h, w]`. The second input is a map that gives
    /// height and width.
    record TokensToMap() implements TransformerOp {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape tokens = Shapes.tokens(inputs.subList(0, 1));
            Shape map = Shapes.map(inputs.subList(1, inputs.size()));
            if (tokens.at(0) != (long) map.at(1) * map.at(2)) {
                throw new IllegalArgumentException("tokens " + tokens + " do not fill the positions of a map " + map);
            }
            return Shape.of(tokens.at(1), map.at(1), map.at(2));
        }
    }

    /// Cuts the image into squares and multiplies each by a matrix: `[3, h, w]` to tokens.
    ///
    /// @param channels channels of the tokens
    /// @param patchSize height and width of a square
    record PatchEmbedding(int channels, int patchSize) implements TransformerOp {
        /// Returns the window whose sliding over the image is this operation.
        public Window window() {
            return Window.square(patchSize).stride(patchSize);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape map = Shapes.map(inputs);
            if (map.at(1) % patchSize != 0 || map.at(2) % patchSize != 0) {
                throw new IllegalArgumentException("pictures of " + map.at(1) + "x" + map.at(2)
                        + " pixels do not fall into patches of " + patchSize + "x" + patchSize
                        + ": the size must be a multiple of " + patchSize);
            }
            return new MapToTokens().outputShape(List.of(window().slideOver(map, channels)));
        }

        @Override
        public List<ParameterSpec> parameters(String node, List<Shape> inputs) {
            Shape weight = Shape.of(channels, Shapes.map(inputs).at(0), patchSize, patchSize);
            return Shapes.weightAndBias(node, weight, true);
        }

        @Override
        public long multiplyAdds(List<Shape> inputs) {
            return channels * Shapes.map(inputs).elements();
        }
    }

    /// Puts a learned token before all others; the parameter, `[1, 1, channels]`, carries the node's name.
    record ClassToken() implements TransformerOp {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape tokens = Shapes.tokens(inputs);
            return Shape.of(tokens.at(0) + 1, tokens.at(1));
        }

        @Override
        public List<ParameterSpec> parameters(String node, List<Shape> inputs) {
            return List.of(new ParameterSpec(node, Shape.of(1, 1, Shapes.channels(inputs)), true));
        }
    }

    /// Adds to every token a learned vector that encodes its place. The parameter, `[1, positions, channels]`,
    /// carries the node's name; weights that were learned on another grid are resampled.
    record PositionEmbedding() implements TransformerOp {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Shapes.tokens(inputs);
        }

        @Override
        public List<ParameterSpec> parameters(String node, List<Shape> inputs) {
            Shape tokens = Shapes.tokens(inputs);
            return List.of(ParameterSpec.ofPositions(node, Shape.of(1, tokens.at(0), tokens.at(1))));
        }
    }

    /// Mixes tokens by scaled dot-product attention (Vaswani et al., 2017, arXiv:1706.03762): `[positions, 3 ·
    /// channels]`, in which each token's queries, keys and values follow each other, head by head, to
    /// `[positions, channels]`.
    ///
    /// @param heads number of heads, among which the channels fall evenly
    record Attention(int heads) implements TransformerOp {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape tokens = Shapes.tokens(inputs);
            if (tokens.at(1) % (3 * heads) != 0) {
                throw new IllegalArgumentException(
                        tokens + " does not fall into queries, keys and values of " + heads + " heads");
            }
            return Shape.of(tokens.at(0), tokens.at(1) / 3);
        }

        @Override
        public long multiplyAdds(List<Shape> inputs) {
            return 2 * outputShape(inputs).elements() * inputs.getFirst().at(0);
        }
    }

    /// Takes the first token, the class token of most transformers: `[positions, channels]` to `[channels]`.
    record FirstToken() implements TransformerOp {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Shape.of(Shapes.tokens(inputs).at(1));
        }
    }
}

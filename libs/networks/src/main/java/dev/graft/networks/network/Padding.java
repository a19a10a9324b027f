package dev.graft.networks.network;

/// Says how many zeros (or, in a maximum, minus infinities) surround a map before a window slides over it.
public sealed interface Padding {
    /// Pads both sides of an axis alike, whatever the input size.
    ///
    /// @param vertical rows added above and below
    /// @param horizontal columns added left and right
    record Symmetric(int vertical, int horizontal) implements Padding {
        /// Checks that the amounts are not negative.
        public Symmetric {
            if (vertical < 0 || horizontal < 0) {
                throw new IllegalArgumentException("negative padding " + vertical + ", " + horizontal);
            }
        }
    }

    /// Pads as TensorFlow's `SAME`: the output has `ceil(input / stride)` positions, and an odd remainder goes below
    /// and to the right. The amounts therefore depend on the input size.
    record Same() implements Padding {}

    /// Holds the amounts for one input size.
    ///
    /// @param top rows above
    /// @param left columns to the left
    /// @param bottom rows below
    /// @param right columns to the right
    record Amounts(int top, int left, int bottom, int right) {
        /// Returns whether opposite sides are padded alike.
        public boolean isSymmetric() {
            return top == bottom && left == right;
        }
    }
}

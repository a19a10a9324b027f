package dev.graft.networks.network;

/// Describes the window that a convolution or a pooling slides over a map.
///
/// @param height rows of the window
/// @param width columns of the window
/// @param stride step between neighbouring positions, on both axes
/// @param padding what surrounds the map
public record Window(int height, int width, int stride, Padding padding) {
    /// Checks that the window and its stride are positive.
    public Window {
        if (height < 1 || width < 1 || stride < 1) {
            throw new IllegalArgumentException("window " + height + "x" + width + " with stride " + stride);
        }
    }

    /// Makes a window of stride 1 without padding.
    public static Window of(int height, int width) {
        return new Window(height, width, 1, new Padding.Symmetric(0, 0));
    }

    /// Makes a square window of stride 1 without padding.
    public static Window square(int size) {
        return of(size, size);
    }

    /// Returns this window with another stride.
    public Window stride(int newStride) {
        return new Window(height, width, newStride, padding);
    }

    /// Returns this window with the same number of zeros on all sides.
    public Window padded(int amount) {
        return new Window(height, width, stride, new Padding.Symmetric(amount, amount));
    }

    /// Returns this window padded so that stride 1 keeps the size: half the window on all sides, as PyTorch models do.
    public Window centred() {
        return new Window(height, width, stride, new Padding.Symmetric((height - 1) / 2, (width - 1) / 2));
    }

    /// Returns this window padded as TensorFlow's `SAME`.
    public Window same() {
        return new Window(height, width, stride, new Padding.Same());
    }

    /// Returns the padding that this window gets on a map.
    ///
    /// @param map `[channels, height, width]`
    public Padding.Amounts paddingOn(Shape map) {
        return switch (padding) {
            case Padding.Symmetric(int vertical, int horizontal) ->
                new Padding.Amounts(vertical, horizontal, vertical, horizontal);
            case Padding.Same() -> {
                int rows = sameTotal(map.at(1), height);
                int columns = sameTotal(map.at(2), width);
                yield new Padding.Amounts(rows / 2, columns / 2, rows - rows / 2, columns - columns / 2);
            }
        };
    }

    /// Returns the map of positions this window takes, with another number of channels.
    ///
    /// @param map `[channels, height, width]`
    /// @throws IllegalArgumentException when the map, padded, is smaller than the window
    Shape slideOver(Shape map, int channels) {
        Padding.Amounts amounts = paddingOn(map);
        int freeRows = map.at(1) + amounts.top() + amounts.bottom() - height;
        int freeColumns = map.at(2) + amounts.left() + amounts.right() - width;
        if (freeRows < 0 || freeColumns < 0) {
            throw new IllegalArgumentException(
                    "a map of " + map + " is too small for a window of " + height + "x" + width);
        }
        return Shape.of(channels, freeRows / stride + 1, freeColumns / stride + 1);
    }

    private int sameTotal(int extent, int window) {
        int positions = Math.ceilDiv(extent, stride);
        return Math.max(0, (positions - 1) * stride + window - extent);
    }
}

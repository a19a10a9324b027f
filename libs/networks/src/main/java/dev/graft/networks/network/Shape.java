package dev.graft.networks.network;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Holds the extents of a tensor, row-major. Activations leave the batch axis out: an image is `[3, height, width]`.
///
/// @param dimensions extents from the outermost axis inwards, none negative; empty for a scalar
public record Shape(List<Integer> dimensions) {
    /// Checks that no extent is negative and that the number of elements fits a `long`.
    ///
    /// @throws IllegalArgumentException when it does not
    public Shape {
        dimensions = List.copyOf(dimensions);
        for (int dimension : dimensions) {
            if (dimension < 0) {
                throw new IllegalArgumentException("negative extent in shape " + dimensions);
            }
        }
        try {
            long unused = product(dimensions);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("a tensor " + dimensions + " has too many elements", e);
        }
    }

    /// Makes a shape of the given extents.
    public static Shape of(int... dimensions) {
        return new Shape(Arrays.stream(dimensions).boxed().toList());
    }

    /// Returns the number of axes.
    public int rank() {
        return dimensions.size();
    }

    /// Returns the extent of one axis, counted from the outermost.
    public int at(int axis) {
        return dimensions.get(axis);
    }

    /// Returns the number of elements: the product of all extents, 1 for a scalar.
    public long elements() {
        return product(dimensions);
    }

    /// Returns whether this is a feature map `[channels, height, width]`.
    public boolean isMap() {
        return rank() == 3;
    }

    /// Returns whether these are tokens `[positions, channels]`.
    public boolean isTokens() {
        return rank() == 2;
    }

    /// Returns the same extents with the batch size in front.
    public long[] batched(long batch) {
        long[] extents = new long[rank() + 1];
        extents[0] = batch;
        for (int axis = 0; axis < rank(); axis++) {
            extents[axis + 1] = at(axis);
        }
        return extents;
    }

    /// Returns the extents as `long`s, as foreign interfaces want them.
    public long[] toLongs() {
        return dimensions.stream().mapToLong(Integer::longValue).toArray();
    }

    /// Returns the extents joined by `x`, such as `32x3x3x3`.
    @Override
    public String toString() {
        return dimensions.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }

    private static long product(List<Integer> dimensions) {
        long product = 1;
        for (int dimension : dimensions) {
            product = Math.multiplyExact(product, dimension);
        }
        return product;
    }
}

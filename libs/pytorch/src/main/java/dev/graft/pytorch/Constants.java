package dev.graft.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/// Makes constants that may be factors of what is differentiated, in memory of PyTorch's own.
///
/// PyTorch keeps the factors of a product for the backward pass, and with them memory that is its own. DJL's
/// arithmetic with Java's numbers and its `create` build an array on a buffer of the JVM, whose memory is free for
/// others when the array is closed, though the backward pass has yet to read it.
public final class Constants {
    private Constants() {}

    /// Makes a number.
    ///
    /// @param manager owner of the array
    /// @return float32, without axes
    static NDArray of(NDManager manager, double number) {
        return manager.ones(new Shape(), DataType.FLOAT32).muli(number);
    }

    /// Copies numbers.
    ///
    /// @param manager owner of the array
    /// @return float32, of the shape
    public static NDArray of(NDManager manager, float[] numbers, Shape shape) {
        try (NDArray onBuffer = manager.create(numbers, shape)) {
            return onBuffer.duplicate();
        }
    }

    /// Multiplies by a number.
    ///
    /// @param array float32
    /// @return float32, of the array's shape; its manager's
    static NDArray product(NDArray array, double factor) {
        try (NDArray number = of(array.getManager(), factor)) {
            return array.mul(number);
        }
    }
}

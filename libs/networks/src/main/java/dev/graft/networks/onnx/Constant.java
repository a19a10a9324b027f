package dev.graft.networks.onnx;

import dev.graft.networks.network.Shape;
import dev.graft.networks.weights.FloatTensor;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/// A value of a graph that does not depend on the input. Large contents are read when the model is written.
sealed interface Constant extends GraphElement {
    /// Returns the name of the value.
    String name();

    /// Returns its shape.
    Shape shape();

    /// A constant of float32, such as the parameters of a step.
    ///
    /// @param content gives the numbers
    record Floats(String name, Shape shape, Supplier<FloatTensor> content) implements Constant {}

    /// A constant of any type.
    ///
    /// @param content gives the numbers, little-endian
    record Raw(String name, ElementType type, Shape shape, Supplier<MemorySegment> content) implements Constant {}

    /// A few numbers of int64, such as the axes of a node.
    record Integers(String name, Shape shape, long... content) implements Constant {}
}

package dev.graft.networks.onnx;

import dev.graft.networks.network.Shape;

/// One element of an [OnnxGraph]. Every value has a name, which one element gives it.
sealed interface GraphElement permits GraphElement.Input, GraphElement.Output, Constant, GraphNode {
    /// A value `[batch, …]` that the caller of the model gives.
    ///
    /// @param shape of one image's part
    record Input(String name, ElementType type, Shape shape) implements GraphElement {}

    /// A value `[batch, …]` of float32 that the model gives.
    ///
    /// @param name  of a value in the graph
    /// @param shape of one image's part
    record Output(String name, Shape shape) implements GraphElement {}
}

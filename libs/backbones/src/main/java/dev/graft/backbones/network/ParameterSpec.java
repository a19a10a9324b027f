package dev.graft.backbones.network;

/// Names one tensor of weights that a network needs.
///
/// @param name name in timm's state dictionary, such as `blocks.0.0.bn1.running_mean`
/// @param shape extents, float32
/// @param learned whether gradient descent changes it; running statistics are not counted as parameters
public record ParameterSpec(String name, Shape shape, boolean learned) {}

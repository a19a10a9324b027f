package dev.graft.networks.network;

/// Names one tensor of weights that a network needs.
///
/// @param name name in timm's state dictionary, such as `blocks.0.0.bn1.running_mean`
/// @param shape extents, float32
/// @param learned whether gradient descent changes it; running statistics are not counted as parameters
/// @param positions whether these are vectors of the positions of a square grid after a class token,
///     `[1, 1 + side², channels]`, which can be resampled from another grid
public record ParameterSpec(String name, Shape shape, boolean learned, boolean positions) {
    /// Names a tensor that must have exactly this shape.
    public ParameterSpec(String name, Shape shape, boolean learned) {
        this(name, shape, learned, false);
    }

    /// Names a learned tensor of the vectors of positions.
    ///
    /// @param shape `[1, 1 + side², channels]`
    static ParameterSpec ofPositions(String name, Shape shape) {
        return new ParameterSpec(name, shape, true, true);
    }
}

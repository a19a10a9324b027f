package dev.graft.networks.network;

/// Names the functions applied to every element alone.
public enum Activation {
    /// `max(x, 0)`.
    RELU,
    /// `min(max(x, 0), 6)`.
    RELU6,
    /// `x · sigmoid(x)`, also called SiLU.
    SWISH,
    /// `x · Φ(x)` with the exact normal distribution function.
    GELU,
    /// `1 / (1 + exp(−x))`.
    SIGMOID
}

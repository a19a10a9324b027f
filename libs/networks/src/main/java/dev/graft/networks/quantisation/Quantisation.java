package dev.graft.networks.quantisation;

/// How a network is computed in eight bits.
///
/// @param ranges the ranges of its values
/// @param weightBits how many bits its weights use
public record Quantisation(ActivationRanges ranges, WeightBits weightBits) {
    /// Makes the quantisation that suits this machine.
    public static Quantisation here(ActivationRanges ranges) {
        return new Quantisation(ranges, WeightBits.ofThisMachine());
    }
}

package dev.graft.networks.bench;

import java.util.List;

/// The speed of the forward pass of one network.
///
/// @param peakMultiplyAddsPerSecond what products of large matrices reach on the same threads in the same turns
public record BackboneSpeedView(
        String backbone,
        int inputSize,
        long parameters,
        long multiplyAdds,
        int threads,
        double peakMultiplyAddsPerSecond,
        List<SpeedView> speeds,
        List<WorkView> work) {
    /// Main class of the program that measures and prints it. Its arguments are the backbone, the number of threads,
    /// the milliseconds of a turn, the batch sizes joined by commas, and optionally an ONNX file of another
    /// program.
    public static final String PROGRAM = "dev.graft.pytorch.bench.BackboneSpeed";

    /// The speed of one way to compute.
    ///
    /// @param peakShare the multiply-adds a second in parts of the peak; more than 1 in int8, and in f32 as far as
    ///     the peak varies
    public record SpeedView(String engine, String precision, int batch, double imagesPerSecond, double peakShare) {}

    /// What a pass in ONNX Runtime in float32 spends its time on.
    ///
    /// @param batch     images in the pass, the first of the batch sizes
    /// @param kind      of the operators
    /// @param timeShare their part of the time
    /// @param peakShare their multiply-adds a second in parts of the peak; 0 for work without products
    public record WorkView(int batch, String kind, double timeShare, double peakShare) {}
}

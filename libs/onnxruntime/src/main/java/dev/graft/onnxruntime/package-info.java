/// Runs networks with ONNX Runtime on the CPU: features, whole classifiers from pixels to probabilities, and the
/// calibration of the ranges of int8.
///
/// Knows descriptions of networks and ONNX Runtime; must not know PyTorch, or where images come from.
@NullMarked
package dev.graft.onnxruntime;

import org.jspecify.annotations.NullMarked;

/// Writes ONNX models from network descriptions and weights: batch normalisation folded, ready for any runtime.
///
/// Steps are folded ([dev.graft.networks.folding]) and lowered to a graph of typed nodes ([OnnxGraph]). For
/// int8 a pass makes another graph of the finished one ([Quantiser]), as does the one that measures ranges
/// ([RangeMeasurement]). [OnnxWriter] writes either down. The writer is our own because exporters belong to
/// training frameworks, whose operators they write, and because generated protobuf classes would hold all
/// weights on the heap at once.
///
/// Knows the ONNX format; must not know ONNX Runtime or any other engine.
@NullMarked
package dev.graft.networks.onnx;

import org.jspecify.annotations.NullMarked;

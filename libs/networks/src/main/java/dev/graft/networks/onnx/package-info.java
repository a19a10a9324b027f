/// Writes ONNX models from network descriptions and weights: batch normalisation folded, ready for any runtime.
///
/// Knows the ONNX format and the arithmetic of folding; must not know ONNX Runtime or any other engine.
@NullMarked
package dev.graft.networks.onnx;

import org.jspecify.annotations.NullMarked;

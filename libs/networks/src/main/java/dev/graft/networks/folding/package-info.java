/// Computes a convolution, or a linear layer, and the step that multiplies and shifts its channels as one:
/// which steps of a network fold ([Folding]), what their parameters are as one, and what a gradient of those is
/// a gradient of ([FoldedChannels]).
///
/// The writer of ONNX models and the training in PyTorch fold alike, so that what is trained is what is served.
/// Knows networks and arrays of numbers; must not know files of weights, ONNX or an engine.
@NullMarked
package dev.graft.networks.folding;

import org.jspecify.annotations.NullMarked;

/// Describes neural networks: typed operations, named parameters, named stages, and the laws of their shapes.
///
/// Knows neither weights nor engines nor files: a network here is a description from which the other packages make
/// ONNX models, PyTorch blocks, layer tables and parameter counts.
@NullMarked
package dev.graft.networks.network;

import org.jspecify.annotations.NullMarked;

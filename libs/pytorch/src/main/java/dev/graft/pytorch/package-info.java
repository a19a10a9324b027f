/// Builds networks as blocks of DJL's PyTorch engine, for training and for CUDA devices.
///
/// Knows DJL; must not know ONNX.
@NullMarked
package dev.graft.pytorch;

import org.jspecify.annotations.NullMarked;

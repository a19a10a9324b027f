/// The embedding engine on PyTorch, and the choice between it and the one on ONNX Runtime. The choice is here because
/// only a program that has PyTorch has one.
///
/// Knows both engines; must not know services, or where images come from.
@NullMarked
package dev.graft.pytorch.engine;

import org.jspecify.annotations.NullMarked;

/// Runs networks: one port, an engine on ONNX Runtime and one on PyTorch, and the choice between them.
///
/// Knows networks and weights; must not know where pictures come from or where features go.
@NullMarked
package dev.graft.backbones.engine;

import org.jspecify.annotations.NullMarked;

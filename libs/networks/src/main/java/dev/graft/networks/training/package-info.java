/// Says how parameters are learned: the loss of logits and its slope, the targets they are held against, the
/// learning rate at each step and in each stage. Arrays and numbers in, arrays and numbers out.
///
/// This is here, and not beside the training in PyTorch, because none of it needs an engine: it is computed in
/// double precision, by functions that give the same bits on every machine, and tested without a native
/// library. Whatever engine differentiates a network takes it from here. Knows networks; must not know files of
/// weights, ONNX, an engine, or where images and labels come from.
@NullMarked
package dev.graft.networks.training;

import org.jspecify.annotations.NullMarked;

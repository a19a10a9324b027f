/// Reads and writes weights: safetensors files, validated and memory-mapped, and the weights bundled with this
/// library.
///
/// Knows tensors and parameters, not what a network computes with them.
@NullMarked
package dev.graft.networks.weights;

import org.jspecify.annotations.NullMarked;

/// Reads and writes weights: safetensors files, validated and memory-mapped, and the weights bundled with this
/// library. The reader is our own because DJL's native one ends the whole JVM at a BF16 tensor, and because services
/// without PyTorch read weights, too.
///
/// Knows tensors and parameters, not what a network computes with them.
@NullMarked
package dev.graft.networks.weights;

import org.jspecify.annotations.NullMarked;

/// Measures the forward pass of networks, each in a process of its own: how fast it is in each engine beside
/// the machine's fastest product of matrices, and whether memory stays flat over many passes. Weights are
/// random, so that nothing needs to be downloaded.
///
/// Knows no service.
@NullMarked
package dev.graft.pytorch.bench;

import org.jspecify.annotations.NullMarked;

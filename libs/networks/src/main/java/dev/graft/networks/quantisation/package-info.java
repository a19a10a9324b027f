/// Says how a network is computed in eight bits: the ranges of its values, made once from images and kept as a
/// text, and how many of the eight bits the weights may use on a machine.
///
/// Knows numbers and names only: neither networks nor ONNX nor engines.
@NullMarked
package dev.graft.networks.quantisation;

import org.jspecify.annotations.NullMarked;

package dev.graft.pytorch.training;

import ai.djl.ndarray.NDArray;
import dev.graft.networks.network.Shape;

/// A parameter that is trained.
///
/// @param name its name, as published
/// @param shape extents
/// @param rateFactor what the learning rate is multiplied by for it
/// @param array its numbers, float32, which need no gradient themselves; the part's
record Trained(String name, Shape shape, double rateFactor, NDArray array) {
    /// Returns whether weight decay pulls at it: biases and the gains of normalisations are left alone, as in
    /// timm (`weight_decay_exclude_1d`, https://huggingface.co/docs/timm/reference/optimizers).
    boolean decays() {
        return shape.rank() > 1;
    }
}

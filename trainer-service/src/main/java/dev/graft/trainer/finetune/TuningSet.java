package dev.graft.trainer.finetune;

import dev.graft.trainer.head.ClassWeights;
import dev.graft.trainer.head.HeldOut;
import java.util.List;

/// The images that are learned from.
///
/// @param imageIds identity of each
/// @param labels class of each, from 0
/// @param classes how many classes there are
/// @param validation positions that the user set apart for choosing; empty when there are none
/// @param weights how much an image of each class counts
/// @param seed decides everything that is drawn
@SuppressWarnings("ArrayRecordComponent") // Large, and never compared.
public record TuningSet(
        List<String> imageIds, int[] labels, int classes, int[] validation, ClassWeights weights, long seed) {
    /// Checks that they fit each other.
    public TuningSet {
        imageIds = List.copyOf(imageIds);
        if (labels.length != imageIds.size() || classes < 2) {
            throw new IllegalArgumentException("images and labels do not fit each other");
        }
    }

    /// Returns which of the images choose between epochs, and which are learned from.
    ///
    /// @throws IllegalArgumentException when nothing is left to learn from, or to choose by
    public HeldOut heldOut() {
        return HeldOut.of(imageIds, labels, classes, validation, seed, weights);
    }
}

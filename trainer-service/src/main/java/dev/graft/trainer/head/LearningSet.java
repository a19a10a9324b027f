package dev.graft.trainer.head;

import java.util.List;

/// What a head learns from.
///
/// @param features   raw; training changes them
/// @param labels     class of each row, from 0
/// @param classes    how many classes there are, each with at least two rows
/// @param identities identity of each row, for drawing
/// @param validation rows set apart by the user for choosing; empty when there are none
public record LearningSet(
        FeatureMatrix features, int[] labels, int classes, List<String> identities, int[] validation) {
    public LearningSet {
        identities = List.copyOf(identities);
        if (labels.length != features.rows() || identities.size() != labels.length || classes < 2) {
            throw new IllegalArgumentException("features, labels and identities do not fit each other");
        }
    }
}

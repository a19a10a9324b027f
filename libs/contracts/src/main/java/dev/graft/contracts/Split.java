package dev.graft.contracts;

import com.fasterxml.jackson.annotation.JsonValue;

/// The split of a dataset to which an image belongs.
public enum Split {
    /// Learned from.
    TRAIN("train"),
    /// Looked at to choose while learning.
    VALIDATION("val"),
    /// Looked at once, after learning.
    TEST("test");

    private final String wireName;

    Split(String wireName) {
        this.wireName = wireName;
    }

    /// Gives the name in JSON and in manifests.
    @JsonValue
    public String wireName() {
        return wireName;
    }
}

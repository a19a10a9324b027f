package dev.graft.contracts;

import com.fasterxml.jackson.annotation.JsonValue;

/// The arithmetic of a backbone.
public enum Precision {
    /// 32-bit floating point, exact against the published weights.
    F32("f32"),
    /// 8-bit integers with fixed ranges.
    INT8("int8");

    private final String wireName;

    Precision(String wireName) {
        this.wireName = wireName;
    }

    /// Gives the name in JSON and on the command line.
    @JsonValue
    public String wireName() {
        return wireName;
    }
}

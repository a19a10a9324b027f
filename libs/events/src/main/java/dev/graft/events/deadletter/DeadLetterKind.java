package dev.graft.events.deadletter;

import com.fasterxml.jackson.annotation.JsonValue;

/// Why a record became a dead letter.
public enum DeadLetterKind {
    /// It can never be read, or its handler says that it can never be handled.
    UNREADABLE("unreadable"),
    /// Its handling failed unexpectedly, as often as it was tried; a replay may succeed.
    PARKED("parked");

    private final String wireName;

    DeadLetterKind(String wireName) {
        this.wireName = wireName;
    }

    /// Gives the name in headers, JSON and metrics.
    @JsonValue
    public String wireName() {
        return wireName;
    }
}

package dev.graft.testkit;

import dev.graft.testkit.Gate.State;

/// The gates before a database, a broker and an object store.
public record Gates(Gate database, Gate broker, Gate objects) {
    /// What can be taken away.
    public enum Backend {
        DATABASE,
        BROKER,
        OBJECTS
    }

    /// Gives the gate of a backend.
    public Gate of(Backend backend) {
        return switch (backend) {
            case DATABASE -> database;
            case BROKER -> broker;
            case OBJECTS -> objects;
        };
    }

    /// Brings everything back.
    public void passAll() {
        for (Backend backend : Backend.values()) {
            of(backend).set(State.PASS);
        }
    }
}

package dev.graft.predict.model;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// Decides whether a record about a model is newer than those before it: by the time of the fact, not by its place on
/// the topic and not by the version. A record that is delivered again behind a newer one must not bring its version
/// back; a version that was promoted again must. Not safe for use by many threads.
final class PublicationOrder {
    private final Map<String, Instant> newest = new HashMap<>();

    /// Takes note of a fact; returns whether no newer one is known.
    boolean advances(String modelName, Instant time) {
        Instant known = newest.get(modelName);
        if (known != null && time.isBefore(known)) {
            return false;
        }
        newest.put(modelName, time);
        return true;
    }
}

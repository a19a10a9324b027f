package dev.graft.messaging;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Knows which parts, the relay or consumers, wait for a backend to come back.
@Singleton
class Stalls {
    private final Map<String, String> reasons = new ConcurrentHashMap<>();

    void stalled(String part, Throwable why) {
        reasons.put(part, why.getClass().getSimpleName());
    }

    void moving(String part) {
        reasons.remove(part);
    }

    /// Gives the kind of fault by part.
    Map<String, String> reasons() {
        return Map.copyOf(reasons);
    }
}

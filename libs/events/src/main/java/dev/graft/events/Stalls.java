package dev.graft.events;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Knows which parts, the relay or consumers, wait: for a backend to come back, or for room.
@Singleton
public class Stalls {
    private final Map<Stall, Reason> reasons = new ConcurrentHashMap<>();

    private record Stall(String part, Thread thread) {}

    private record Reason(String fault, boolean away) {}

    /// Notes that the calling thread waits on behalf of `part` for a backend to come back.
    public void stalled(String part, Throwable why) {
        note(part, why, true);
    }

    /// Notes that the calling thread waits on behalf of `part` for room, though nothing is away.
    public void crowded(String part, Throwable why) {
        note(part, why, false);
    }

    private void note(String part, Throwable why, boolean away) {
        reasons.put(
                new Stall(part, Thread.currentThread()),
                new Reason(why.getClass().getSimpleName(), away));
    }

    /// Notes that the calling thread waits no longer.
    public void moving(String part) {
        reasons.remove(new Stall(part, Thread.currentThread()));
    }

    /// Gives the kind of fault by part.
    Map<String, String> reasons() {
        Map<String, String> byPart = new TreeMap<>();
        reasons.forEach((stall, reason) -> byPart.put(stall.part(), reason.fault()));
        return byPart;
    }

    /// Returns whether a part waits for a backend to come back.
    boolean isBackendAway() {
        return reasons.values().stream().anyMatch(Reason::away);
    }
}

package dev.graft.events;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Knows which parts, the relay or consumers, wait for a backend to come back.
@Singleton
public class Stalls {
    private final Map<Stall, String> reasons = new ConcurrentHashMap<>();

    private record Stall(String part, Thread thread) {}

    /// Notes that the calling thread waits on behalf of `part`.
    public void stalled(String part, Throwable why) {
        reasons.put(new Stall(part, Thread.currentThread()), why.getClass().getSimpleName());
    }

    /// Notes that the calling thread waits no longer.
    public void moving(String part) {
        reasons.remove(new Stall(part, Thread.currentThread()));
    }

    /// Gives the kind of fault by part.
    Map<String, String> reasons() {
        Map<String, String> byPart = new TreeMap<>();
        reasons.forEach((stall, reason) -> byPart.put(stall.part(), reason));
        return byPart;
    }
}

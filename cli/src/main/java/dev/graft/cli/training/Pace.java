package dev.graft.cli.training;

import dev.graft.cli.console.Durations;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How fast a phase of a run goes on, and how long it will still take at that pace. For one thread.
final class Pace {
    /// Before that much time nothing is said: the first images of a phase wait for what is loaded.
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final double NANOS_PER_SECOND = 1e9;

    /// What is counted in them is images.
    private static final Set<String> OF_IMAGES = Set.of("EMBEDDING", "FINE_TUNING");

    private final LongSupplier nanoClock;
    private @Nullable String phase;
    private long beginNanos;
    private long beginDone;

    /// @param nanoClock gives the time, as [System#nanoTime]
    Pace(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /// Says how fast it goes and how long it takes, such as `38.2 pictures/s, 4 min left`; empty where that cannot be
    /// said yet.
    ///
    /// @param current the phase; another than before begins a new count
    String words(String current, long done, long total) {
        long now = nanoClock.getAsLong();
        if (!current.equals(phase) || done < beginDone) {
            phase = current;
            beginNanos = now;
            beginDone = done;
        }
        double seconds = (now - beginNanos) / NANOS_PER_SECOND;
        if (now - beginNanos < QUIET_NANOS || done == beginDone || done >= total) {
            return "";
        }
        double perSecond = (done - beginDone) / seconds;
        String left = Durations.about((total - done) / perSecond) + " left";
        return OF_IMAGES.contains(current) ? String.format(Locale.ROOT, "%.1f pictures/s, %s", perSecond, left) : left;
    }
}

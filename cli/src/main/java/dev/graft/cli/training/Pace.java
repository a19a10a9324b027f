package dev.graft.cli.training;

import dev.graft.cli.console.Durations;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How fast a phase of a run goes on, judged by the last minute at most, and how long it will still take at that pace.
/// What is counted in a phase may be of two kinds that take unlike time. For one thread.
final class Pace {
    /// Before that much time nothing is said: the first images of a phase wait for what is loaded.
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

    /// The pace is that since a moment which lies between one and two such times back.
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final double NANOS_PER_SECOND = 1e9;

    /// What is counted in them is images.
    private static final Set<String> OF_IMAGES = Set.of("EMBEDDING", "FINE_TUNING");

    private final LongSupplier nanoClock;
    private @Nullable String phase;
    private long beginNanos;
    private long beginDone;
    private long nextNanos;
    private long nextDone;

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
        if (!current.equals(phase) || done < nextDone) {
            phase = current;
            begin(now, done);
            next(now, done);
        } else if (now - nextNanos >= WINDOW_NANOS) {
            begin(nextNanos, nextDone);
            next(now, done);
        }
        double seconds = (now - beginNanos) / NANOS_PER_SECOND;
        if (now - beginNanos < QUIET_NANOS || done == beginDone || done >= total) {
            return "";
        }
        double perSecond = (done - beginDone) / seconds;
        String left = Durations.about((total - done) / perSecond) + " left";
        return OF_IMAGES.contains(current) ? String.format(Locale.ROOT, "%.1f pictures/s, %s", perSecond, left) : left;
    }

    private void begin(long nanos, long done) {
        beginNanos = nanos;
        beginDone = done;
    }

    private void next(long nanos, long done) {
        nextNanos = nanos;
        nextDone = done;
    }
}

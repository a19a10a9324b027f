package dev.graft.trainer.run;

import dev.graft.contracts.TrainingProgressed.Phase;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How fast a phase of a run goes on, judged by the last minute at most, and how long it will still take at that pace.
/// What is counted in a phase may be of two kinds that take unlike time. Safe for use by several threads.
final class Pace {
    /// Before that much time nothing is said: the first images of a phase wait for what is loaded.
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

    /// The pace is that since a moment which lies between one and two such times back.
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final double NANOS_PER_SECOND = 1e9;

    /// What is counted in them is images.
    private static final Set<Phase> OF_IMAGES = EnumSet.of(Phase.EMBEDDING, Phase.FINE_TUNING, Phase.EVALUATING);

    private final LongSupplier nanoClock;
    private @Nullable Phase phase;
    private long beginNanos;
    private long beginDone;
    private long nextNanos;
    private long nextDone;

    /// @param nanoClock gives the time, as [System#nanoTime]
    Pace(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /// What can be said.
    ///
    /// @param imagesPerSecond absent where images are not what is counted
    /// @param secondsLeft     until all is done
    record Rate(@Nullable Double imagesPerSecond, double secondsLeft) {}

    /// Notes how far it is, and says how fast it goes; empty where that cannot be said yet.
    ///
    /// @param current the phase; another than before begins a new count, and so does less than before
    synchronized Optional<Rate> at(Phase current, long done, long total) {
        long now = nanoClock.getAsLong();
        if (current != phase || done < nextDone) {
            phase = current;
            begin(now, done);
            next(now, done);
        } else if (now - nextNanos >= WINDOW_NANOS) {
            begin(nextNanos, nextDone);
            next(now, done);
        }
        if (now - beginNanos < QUIET_NANOS || done == beginDone || done >= total) {
            return Optional.empty();
        }
        double perSecond = (done - beginDone) / ((now - beginNanos) / NANOS_PER_SECOND);
        return Optional.of(new Rate(OF_IMAGES.contains(current) ? perSecond : null, (total - done) / perSecond));
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

package dev.graft.trainer.run;

import dev.graft.contracts.TrainingProgressed;
import dev.graft.contracts.TrainingProgressed.Phase;
import dev.graft.trainer.head.Advance;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How fast a phase of a run goes on, and how long it will still take. In fine-tuning, images pass through the frozen
/// part and through the part that is trained at speeds of their own. Safe for use by several threads.
final class Pace {
    private static final double NANOS_PER_SECOND = 1e9;

    /// What is counted in them is images.
    private static final Set<Phase> OF_IMAGES = EnumSet.of(Phase.EMBEDDING, Phase.FINE_TUNING, Phase.EVALUATING);

    private final LongSupplier nanoClock;
    private @Nullable Phase phase;
    private long lastNanos;
    private long lastDone;
    private Speed frozen = new Speed();
    private Speed trained = new Speed();

    /// @param nanoClock gives the time, as [System#nanoTime]
    Pace(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /// What can be said.
    ///
    /// @param imagesPerSecond absent where images are not what is counted
    /// @param secondsLeft     until all is done; absent where something of it has not begun yet
    record Rate(@Nullable Double imagesPerSecond, @Nullable Double secondsLeft) {}

    /// Notes how far a run is, and says it with what can be said of the pace.
    TrainingProgressed progressed(String runId, Phase current, Advance now) {
        Optional<Rate> rate = at(current, now);
        return new TrainingProgressed(
                runId,
                current,
                now.done(),
                now.total(),
                now.loss(),
                now.accuracy(),
                now.epoch(),
                now.step(),
                rate.map(Rate::imagesPerSecond).orElse(null),
                rate.map(Rate::secondsLeft).orElse(null));
    }

    /// Notes how far it is, and says how fast it goes; empty where that cannot be said yet. What was done before the
    /// first call of a phase counts for nothing.
    ///
    /// @param current the phase; another than before begins a new count, and so does less than before
    synchronized Optional<Rate> at(Phase current, Advance now) {
        long nanos = nanoClock.getAsLong();
        if (current != phase || now.done() < lastDone) {
            phase = current;
            frozen = new Speed();
            trained = new Speed();
        } else {
            speed(current, now).add(now.done() - lastDone, (nanos - lastNanos) / NANOS_PER_SECOND);
        }
        lastNanos = nanos;
        lastDone = now.done();
        Speed speed = speed(current, now);
        if (!speed.isKnown() || now.done() >= now.total()) {
            return Optional.empty();
        }
        long trainedLeft = now.total() - now.done() - now.frozenLeft();
        boolean known = (now.frozenLeft() == 0 || frozen.isKnown()) && (trainedLeft == 0 || trained.isKnown());
        return Optional.of(new Rate(
                OF_IMAGES.contains(current) ? speed.perSecond() : null,
                known ? frozen.secondsFor(now.frozenLeft()) + trained.secondsFor(trainedLeft) : null));
    }

    private Speed speed(Phase current, Advance now) {
        return current == Phase.FINE_TUNING && now.epoch() == null ? frozen : trained;
    }

    /// A mean of what was counted, in which the past counts less and less.
    private static final class Speed {
        /// What lies so far back counts a third.
        private static final double MEMORY_SECONDS = 30;

        /// Before that much time nothing is said: the first images of a phase wait for what is loaded.
        private static final double QUIET_SECONDS = 5;

        private double count;
        private double seconds;

        void add(long counted, double during) {
            double share = Math.exp(-during / MEMORY_SECONDS);
            count = count * share + counted;
            seconds = seconds * share + during;
        }

        boolean isKnown() {
            return seconds >= QUIET_SECONDS && count > 0;
        }

        double perSecond() {
            return count / seconds;
        }

        double secondsFor(long left) {
            return left == 0 ? 0 : left / perSecond();
        }
    }
}

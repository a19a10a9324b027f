package dev.graft.messaging;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.util.function.Supplier;

/// One event loop, and whether it stood still: by a call that blocks it, a pause of the JVM, or want of a processor. A
/// deadline that passes meanwhile says nothing of who was to answer. Safe for use by many threads.
final class LoopWatch {
    private static final long TICK_MILLIS = 100;

    /// Well below the deadlines that are judged by it, well above the pauses of a busy loop.
    private static final Duration STILL = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Context context;
    private volatile long lastTick = System.nanoTime();
    private volatile long longestNanos;
    private volatile long timer;

    LoopWatch(Vertx vertx) {
        this.vertx = vertx;
        context = ((VertxInternal) vertx).createEventLoopContext();
        context.runOnContext(_ -> timer = vertx.setPeriodic(TICK_MILLIS, _ -> tick()));
    }

    Context context() {
        return context;
    }

    /// Begins to measure.
    void reset() {
        longestNanos = 0;
    }

    /// Says whether the loop stood still for a second or longer since [#reset].
    boolean stoodStill() {
        return Math.max(longestNanos, System.nanoTime() - lastTick) >= STILL.toNanos();
    }

    /// Runs something on the loop when the result is subscribed to.
    <T> Uni<T> run(Supplier<Uni<? extends T>> work) {
        return Uni.createFrom().deferred(work).runSubscriptionOn(task -> context.runOnContext(_ -> task.run()));
    }

    void close() {
        vertx.cancelTimer(timer);
    }

    private void tick() {
        long now = System.nanoTime();
        longestNanos = Math.max(longestNanos, now - lastTick);
        lastTick = now;
    }
}

package dev.graft.problem.request;

import dev.graft.problem.Problem;
import dev.graft.problem.ProblemType;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// Bounds how many requests with a body are under way at one moment, and ends bodies that come too slowly, so that
/// slow clients keep nobody out. Only the time counts in which a reader waits for a body ([BodyClock]): what waits for
/// a busy service is not slow. Safe for use by many event loops.
@Singleton
class OpenBodies {
    private static final long SWEEP_MILLIS = 500;
    private static final String BODY = OpenBody.class.getName();

    private final Refusals refusals;
    private final RequestLimits limits;
    private final Set<OpenBody> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean sweeping = new AtomicBoolean();

    /// @throws IllegalArgumentException when slow bodies could take every thread
    OpenBodies(
            Refusals refusals,
            RequestLimits limits,
            @ConfigProperty(name = "quarkus.thread-pool.max-threads") int maxThreads) {
        requireThreads(limits.maxBodies(), maxThreads);
        this.refusals = refusals;
        this.limits = limits;
    }

    static void requireThreads(int maxBodies, int maxThreads) {
        if (maxThreads <= maxBodies) {
            throw new IllegalArgumentException(
                    "graft.http.max-bodies is %d, and quarkus.thread-pool.max-threads %d: there must be more threads, as"
                            .concat(" each body may be read by one")
                            .formatted(maxBodies, maxThreads));
        }
    }

    /// Counts a request until it is answered. For the event loop of its connection.
    ///
    /// @return what is wrong when as many are under way as may be
    Optional<Problem> enter(RoutingContext context) {
        if (open.size() >= limits.maxBodies() && !endsASlowOne()) {
            return Optional.of(Problem.of(
                    ProblemType.TOO_BUSY,
                    "%d requests with a body are under way, as many as may be. Come back in a second."
                            .formatted(limits.maxBodies())));
        }
        if (!sweeping.getAndSet(true)) {
            Vertx vertx = context.vertx();
            vertx.setPeriodic(SWEEP_MILLIS, _ -> sweep());
        }
        OpenBody body = new OpenBody(context);
        context.put(BODY, body);
        open.add(body);
        context.addHeadersEndHandler(_ -> body.answered());
        context.addEndHandler(_ -> open.remove(body));
        return Optional.empty();
    }

    /// Gives the body that comes with a request; empty when none does.
    static Optional<OpenBody> of(RoutingContext context) {
        return Optional.ofNullable(context.get(BODY));
    }

    /// Gives how many requests with a body are under way.
    int underWay() {
        return open.size();
    }

    private void sweep() {
        long now = System.nanoTime();
        open.stream().filter(body -> body.isTooSlow(now, limits)).forEach(this::end);
    }

    /// Ends the body that comes slowest of those whose client has had some time; one of a usual client is gone by then.
    private boolean endsASlowOne() {
        long now = System.nanoTime();
        Optional<OpenBody> slowest = open.stream()
                .filter(body -> body.isAwaitedFor(now, limits.paceWindow().toNanos() / 4))
                .min(Comparator.comparingLong(OpenBody::bytesOfWindow))
                .filter(body -> body.bytesOfWindow() < limits.minPaceBytes());
        slowest.ifPresent(this::end);
        return slowest.isPresent();
    }

    private void end(OpenBody body) {
        if (open.remove(body)) {
            refusals.refuse(
                    body.context,
                    Problem.of(
                            ProblemType.BODY_TOO_SLOW,
                            "A body must bring %,d bytes in every %d seconds until it ends. Send it again."
                                    .formatted(
                                            limits.minPaceBytes(),
                                            limits.paceWindow().toSeconds())));
        }
    }

    /// A body that comes, measured by windows of the time in which it is waited for. Safe for use by several threads.
    static final class OpenBody {
        private final RoutingContext context;

        /// The event loop of its connection.
        private final Context loop = Vertx.currentContext();

        private boolean awaited;
        private long sinceNanos = System.nanoTime();
        private long stoppedNanos = sinceNanos;
        private long bytesBefore;
        private @Nullable Thread reader;
        private boolean refused;
        private boolean answered;

        private OpenBody(RoutingContext context) {
            this.context = context;
        }

        /// Goes on with the window: this thread waits for more.
        ///
        /// @throws IOException when the request was refused
        synchronized void await() throws IOException {
            reads();
            goOn();
        }

        /// Stops the window: its reader has got something, or the end.
        synchronized void stop() {
            stoppedNanos = System.nanoTime();
            awaited = false;
            rests();
        }

        /// Notes that this thread reads, whether it is waited for or not.
        ///
        /// @throws IOException when the request was refused
        synchronized void reads() throws IOException {
            if (refused) {
                throw new IOException("the request was refused");
            }
            reader = Thread.currentThread();
        }

        /// Notes that the thread has stopped reading.
        synchronized void rests() {
            if (refused && Thread.currentThread().equals(reader)) {
                // It was woken, and has taken notice.
                Thread.interrupted();
            }
            reader = null;
        }

        /// Lets nobody read any more, and wakes the thread that does: nothing else would when a stream ends
        /// whose connection stays open.
        synchronized void refuse() {
            refused = true;
            if (reader != null) {
                reader.interrupt();
            }
        }

        /// Notes that the answer begins: what still comes of the body is dropped, for the framework, which lets all
        /// of it come from now on, would keep it in memory until a thread has read it. The event loop drops it:
        /// on another thread the body may come to its end meanwhile, and the answer would fail.
        synchronized void answered() {
            answered = true;
            loop.runOnContext(_ -> Refusals.drop(context.request()));
        }

        /// Returns whether nobody is to read the rest.
        synchronized boolean isOver() {
            return refused || answered;
        }

        private void goOn() {
            sinceNanos += System.nanoTime() - stoppedNanos;
            awaited = true;
        }

        /// Goes on with the window until the end of the body.
        synchronized void awaitEnd() {
            goOn();
            // Not isEnded(): that says no of a body that was read whole, as long as its reader lets nothing more come.
            context.request().end().onSuccess(_ -> stop());
        }

        private synchronized boolean isAwaitedFor(long nowNanos, long patienceNanos) {
            return awaited && nowNanos - sinceNanos > patienceNanos;
        }

        private synchronized long bytesOfWindow() {
            return context.request().bytesRead() - bytesBefore;
        }

        private synchronized boolean isTooSlow(long nowNanos, RequestLimits limits) {
            if (!isAwaitedFor(nowNanos, limits.paceWindow().toNanos())) {
                return false;
            }
            if (bytesOfWindow() < limits.minPaceBytes()) {
                return true;
            }
            bytesBefore = context.request().bytesRead();
            sinceNanos = nowNanos;
            return false;
        }
    }
}

package dev.graft.messaging;

import dev.graft.threads.SupervisedThreads;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Asks the database every half second whether it is there, on a connection of its own. While it does not answer,
/// a call that waits for a transaction fails at once, instead of waiting as long as the statements may take.
///
/// A deadline of each transaction could not do this: one that is short enough for a client would end long work on a
/// database that is well.
///
/// An event loop that stood still, and not the database, may be why no answer came: such a question is asked again.
@Singleton
class DatabasePulse {
    static final int DEADLINE_SECONDS = 3;

    private static final Logger LOG = Logger.getLogger(DatabasePulse.class);
    private static final long PAUSE_MILLIS = 500;

    private final DatabaseConnections connections;
    private final LoopWatch loop;
    private final SupervisedThreads threads;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Set<CompletableFuture<?>> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean away;

    /// @param pool the service's own, whose opening makes the connections
    DatabasePulse(Pool pool, DatabaseConnections connections, Vertx vertx, SupervisedThreads threads) {
        // The reference is a proxy: only a call opens the pool.
        pool.size();
        this.connections = connections;
        this.threads = threads;
        loop = new LoopWatch(vertx);
    }

    void start(@Observes @Priority(1) StartupEvent event) {
        threads.virtual("database-pulse", this::run);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping.countDown();
        loop.close();
    }

    /// Gives the event loop on which the database is asked.
    Context loop() {
        return loop.context();
    }

    /// Returns whether the database did not answer when it was asked last.
    boolean isAway() {
        return away;
    }

    /// Gives the result of work, or fails as soon as the database does not answer. The work itself goes on and may be
    /// committed: only the waiting ends.
    ///
    /// @return fails with [DatabaseAwayException], or with the fault of the work
    <T> CompletionStage<T> whileThere(CompletionStage<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        waiting.add(result);
        work.whenComplete((value, fault) -> {
            waiting.remove(result);
            if (fault == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(fault);
            }
        });
        if (away) {
            release();
        }
        return result;
    }

    private void release() {
        waiting.removeIf(one -> {
            one.completeExceptionally(new DatabaseAwayException("it does not answer", null));
            return true;
        });
    }

    private void run() throws InterruptedException {
        do {
            fault().ifPresent(this::report);
        } while (!stopping.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
    }

    /// Asks the database.
    ///
    /// @return why it does not answer, or nothing in the text when it answers; absent when that cannot be said
    private Optional<String> fault() {
        Pool probes = connections.probes();
        if (probes == null) {
            return Optional.of("no connection was opened yet");
        }
        loop.reset();
        try {
            loop.run(() -> probes.query("select 1").execute()).await().atMost(Duration.ofSeconds(DEADLINE_SECONDS));
            return Optional.of("");
        } catch (RuntimeException e) {
            return loop.stoodStill() ? Optional.empty() : Optional.of(e.toString());
        }
    }

    private void report(String fault) {
        boolean answers = fault.isEmpty();
        if (answers && away) {
            LOG.info("Database answers again");
        } else if (!answers && !away && stopping.getCount() > 0) {
            LOG.warnf("Database away reason=%s", fault);
        }
        away = !answers;
        if (away) {
            release();
        }
    }
}

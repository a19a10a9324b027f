package dev.graft.messaging;

import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Runs transactions: for resources on an event loop as a [Uni], for workers and virtual threads by waiting.
///
/// Nobody waits for a database that is away: [DatabaseAwayException] says so within five seconds. A transaction on a
/// database that answers may take a minute, each statement in it half of that.
@ApplicationScoped
public class Transactions {
    private static final int LONGEST_SECONDS = 60;

    private final Mutiny.SessionFactory sessions;
    private final OutboxSignal signal;
    private final DatabasePulse pulse;
    private final Guard guard = Guard.create()
            .withDescription("transaction")
            .withThreadOffload(false)
            .withTimeout()
            .duration(LONGEST_SECONDS, ChronoUnit.SECONDS)
            .done()
            .build();

    Transactions(Mutiny.SessionFactory sessions, OutboxSignal signal, DatabasePulse pulse) {
        this.sessions = sessions;
        this.signal = signal;
        this.pulse = pulse;
    }

    /// Runs `work` in a transaction of its own, on the event loop of the subscriber. When it fails, everything is
    /// rolled back. When the database does not answer, the transaction goes on, and may be committed, without it.
    ///
    /// @return the result, once it is committed; fails with [DatabaseAwayException] when the database is away
    public <T extends @Nullable Object> Uni<T> run(Function<Mutiny.Session, Uni<T>> work) {
        return Uni.createFrom()
                .completionStage(() -> within(work))
                .invoke(signal::committed)
                .onFailure(Exception.class)
                .transform(Transactions::explained);
    }

    /// Runs `work` in a transaction of its own and waits until it is committed. The work itself runs on an event loop
    /// and must not block. When it fails, everything is rolled back. When the waiting thread is interrupted, or the
    /// database does not answer, the transaction goes on, and may be committed, without it.
    ///
    /// @throws IllegalStateException when the caller is on an event loop, which must not wait
    /// @throws DatabaseAwayException when the database does not answer
    public <T extends @Nullable Object> T call(Function<Mutiny.Session, Uni<T>> work) {
        try {
            return VertxContextSupport.subscribeAndAwait(() -> run(work));
        } catch (Throwable e) {
            throw explained(e);
        }
    }

    /// Begins the work on the calling context. It is never cancelled: a statement may be under way, and the ones behind
    /// it would run outside of the transaction that the cancelling ends.
    @SuppressWarnings("unchecked") // The guard asks for the raw class of asynchronous results.
    private <T extends @Nullable Object> CompletionStage<T> within(Function<Mutiny.Session, Uni<T>> work) {
        if (pulse.isAway()) {
            throw new DatabaseAwayException("it does not answer", null);
        }
        return guard.get(
                () -> pulse.whileThere(sessions.withTransaction(work).subscribeAsCompletionStage()),
                CompletionStage.class);
    }

    private static RuntimeException explained(Throwable fault) {
        if (fault instanceof DatabaseAwayException known) {
            return known;
        }
        if (DatabaseFaults.isAway(fault) || DatabaseFaults.isDeadline(fault)) {
            return new DatabaseAwayException(String.valueOf(fault.getMessage()), fault);
        }
        return switch (fault) {
            case RuntimeException own -> own;
            case Error own -> throw own;
            default -> new TransactionFailedException(fault);
        };
    }
}

package dev.graft.messaging;

import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Runs transactions for threads that may block: workers and virtual threads.
@ApplicationScoped
public class Transactions {
    private final Mutiny.SessionFactory sessions;
    private final OutboxSignal signal;

    Transactions(Mutiny.SessionFactory sessions, OutboxSignal signal) {
        this.sessions = sessions;
        this.signal = signal;
    }

    /// Runs `work` in a transaction of its own and waits until it is committed. The work itself runs on an event loop
    /// and must not block. When it fails, everything is rolled back. When the waiting thread is interrupted, the
    /// transaction goes on, and may be committed, without it.
    ///
    /// @throws IllegalStateException when the caller is on an event loop, which must not wait
    public <T extends @Nullable Object> T call(Function<Mutiny.Session, Uni<T>> work) {
        try {
            T result = VertxContextSupport.subscribeAndAwait(() -> sessions.withTransaction(work));
            signal.committed();
            return result;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new TransactionFailedException(e);
        }
    }
}

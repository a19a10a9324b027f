package dev.graft.feature.queue;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.hibernate.reactive.mutiny.Mutiny;

/// Has the database know that the queue has become long. Its tables are empty most of the time. The database looks once
/// a minute by itself, and until then takes tables of a hundred thousand rows for empty ones: it would read whole
/// indexes for each image, for seconds in a claim, and until the deadline of the statement where a cancelled job is
/// forgotten. Once it has seen many rows, it follows the size of the tables.
///
/// Safe for many threads.
@ApplicationScoped
public class QueueStatistics {
    /// So few that any plan is quick.
    private static final long FEW_ROWS = 5_000;

    private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

    /// Where another process does the same, once is enough.
    private static final String ANALYZE = "analyze (skip_locked) pending, job_missing";

    private final AtomicLong addedRows = new AtomicLong();
    private final AtomicLong analyzedNanos = new AtomicLong(System.nanoTime() - PAUSE_NANOS);

    /// Notes how many rows the caller's transaction has added, and has them counted where many were since it was last
    /// done.
    public Uni<Void> added(Mutiny.Session session, long rows) {
        long all = addedRows.addAndGet(rows);
        long last = analyzedNanos.get();
        long now = System.nanoTime();
        if (all < FEW_ROWS || now - last < PAUSE_NANOS || !analyzedNanos.compareAndSet(last, now)) {
            return Uni.createFrom().voidItem();
        }
        addedRows.set(0);
        return session.createNativeQuery(ANALYZE).executeUpdate().replaceWithVoid();
    }
}

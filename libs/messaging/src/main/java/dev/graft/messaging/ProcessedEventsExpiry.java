package dev.graft.messaging;

import dev.graft.threads.SupervisedThreads;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// Forgets events that nothing can deliver again, and traces of work that is long over, once an hour, a bounded
/// number in each transaction. The thread is supervised, so that liveness shows its end, and services need no
/// scheduler for it.
@Singleton
class ProcessedEventsExpiry {
    /// For how long events are known. Of all topics, those of dead letters keep records longest, for 90 days
    /// ([dev.graft.contracts.Topics#DEAD_LETTER_RETENTION_DAYS]): an event that is replayed on its last day must be
    /// passed over by those that have handled it. Ten days more are for a consumer that lags.
    static final String RETENTION = "P100D";

    private static final Logger LOG = Logger.getLogger(ProcessedEventsExpiry.class);
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final Duration TRACES = Duration.ofDays(14);

    /// Rows that one transaction deletes; at some 20,000 rows a second, a quarter of a second.
    static final int ROWS_PER_TRANSACTION = 5_000;

    private static final String SOME_ROWS = """
            delete from %1$s where ctid = any(array(
                select ctid from %1$s where %2$s < $1 order by %2$s limit %3$d))""";

    private static final String SOME_TRACES = SOME_ROWS.formatted("trace_link", "recorded_at", ROWS_PER_TRANSACTION);
    private static final String SOME_EVENTS =
            SOME_ROWS.formatted("processed_event", "processed_at", ROWS_PER_TRANSACTION);

    private final Pool pool;
    private final Duration retention;
    private final SupervisedThreads threads;
    private final CountDownLatch stopping = new CountDownLatch(1);

    /// @param retention longer than any topic keeps a record
    ProcessedEventsExpiry(
            Pool pool,
            SupervisedThreads threads,
            @ConfigProperty(name = "graft.messaging.processed-events-retention", defaultValue = RETENTION)
                    Duration retention) {
        this.pool = pool;
        this.threads = threads;
        this.retention = retention;
    }

    void start(@Observes StartupEvent event) {
        threads.virtual("processed-events-expiry", this::run);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping.countDown();
    }

    private void run() throws InterruptedException {
        do {
            forget();
        } while (!stopping.await(1, TimeUnit.HOURS));
    }

    private void forget() {
        try {
            OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
            int unusedTraces = delete(SOME_TRACES, now.minus(TRACES));
            int forgotten = forgetBefore(now.minus(retention));
            LOG.debugf("Processed events forgotten count=%d", forgotten);
        } catch (RuntimeException e) {
            LOG.warnf("Processed events are forgotten later reason=%s", e);
        }
    }

    int forgetBefore(OffsetDateTime time) {
        return delete(SOME_EVENTS, time);
    }

    /// In SQL on the pool: each statement is a transaction of its own and has no need of a session.
    private int delete(String someRows, OffsetDateTime time) {
        int deleted = 0;
        int some;
        do {
            some = pool.preparedQuery(someRows)
                    .execute(Tuple.of(time))
                    .await()
                    .atMost(TIMEOUT)
                    .rowCount();
            deleted += some;
        } while (some == ROWS_PER_TRANSACTION && stopping.getCount() > 0);
        return deleted;
    }
}

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

/// Forgets events that no broker can deliver again, and traces that are as old, once an hour.
@Singleton
class ProcessedEventsExpiry {
    private static final Logger LOG = Logger.getLogger(ProcessedEventsExpiry.class);
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final Pool pool;
    private final Duration retention;
    private final SupervisedThreads threads;
    private final CountDownLatch stopping = new CountDownLatch(1);

    /// @param retention longer than any topic keeps a record
    ProcessedEventsExpiry(
            Pool pool,
            SupervisedThreads threads,
            @ConfigProperty(name = "graft.messaging.processed-events-retention", defaultValue = "P14D")
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
            int forgotten = forgetBefore(OffsetDateTime.now(ZoneOffset.UTC).minus(retention));
            LOG.debugf("Processed events forgotten count=%d", forgotten);
        } catch (RuntimeException e) {
            LOG.warnf("Processed events are forgotten later reason=%s", e);
        }
    }

    int forgetBefore(OffsetDateTime time) {
        delete("delete from trace_link where recorded_at < $1", time);
        return delete("delete from processed_event where processed_at < $1", time);
    }

    private int delete(String sql, OffsetDateTime time) {
        return pool.preparedQuery(sql)
                .execute(Tuple.of(time))
                .await()
                .atMost(TIMEOUT)
                .rowCount();
    }
}

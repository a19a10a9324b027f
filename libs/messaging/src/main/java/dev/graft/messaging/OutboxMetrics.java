package dev.graft.messaging;

import dev.graft.threads.SupervisedThreads;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Measures the outbox every few seconds: how many events wait to be published, and since when. The thread is
/// supervised, so that liveness shows its end, and services need no scheduler for it.
@Singleton
class OutboxMetrics {
    private static final Logger LOG = Logger.getLogger(OutboxMetrics.class);
    private static final long PERIOD_SECONDS = 5;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /// Counting goes no further, so that it costs the same however much waits.
    private static final int MAX_COUNTED = 100_000;

    /// In SQL, for the clock of the database, by which the rows have their times.
    private static final String MEASURE = """
            select (select count(*) from (select from outbox limit %d) counted) as backlog,
                coalesce((select extract(epoch from clock_timestamp() - recorded_at) from outbox
                    order by position limit 1), 0)::double precision as age""".formatted(MAX_COUNTED);

    private final Pool pool;
    private final SupervisedThreads threads;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile Measurement latest = new Measurement(0, 0);

    private record Measurement(long backlog, double ageSeconds) {}

    OutboxMetrics(Pool pool, MeterRegistry metrics, SupervisedThreads threads) {
        this.pool = pool;
        this.threads = threads;
        Gauge.builder("graft.outbox.backlog", this, outbox -> outbox.latest.backlog())
                .description("Events that are committed and not yet published, counted up to " + MAX_COUNTED)
                .baseUnit("events")
                .register(metrics);
        Gauge.builder("graft.outbox.age", this, outbox -> outbox.latest.ageSeconds())
                .description("How long the oldest event has waited to be published; 0 when none waits")
                .baseUnit("seconds")
                .register(metrics);
    }

    void start(@Observes StartupEvent event) {
        threads.virtual("outbox-metrics", this::run);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping.countDown();
    }

    private void run() throws InterruptedException {
        do {
            measure();
        } while (!stopping.await(PERIOD_SECONDS, TimeUnit.SECONDS));
    }

    private void measure() {
        try {
            Row row = pool.query(MEASURE)
                    .execute()
                    .await()
                    .atMost(TIMEOUT)
                    .iterator()
                    .next();
            latest = new Measurement(row.getLong("backlog"), row.getDouble("age"));
        } catch (RuntimeException e) {
            LOG.debugf(e, "Outbox measured later");
        }
    }
}

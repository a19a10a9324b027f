package dev.graft.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.events.Backoff;
import dev.graft.events.EventPublisher;
import dev.graft.events.Stalls;
import dev.graft.threads.SupervisedThreads;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Publishes what the outbox holds, in order, and deletes it when the broker has it.
///
/// One relay works at a time in a schema, held by a transaction-level advisory lock, because two would publish
/// the events of one key out of order. A replica that dies gives the lock back with its connection.
///
/// It sends SQL on a connection of the pool: HQL has no advisory locks, and a session belongs to an event loop,
/// while the relay's thread waits for the broker between two statements of a transaction.
@ApplicationScoped
class OutboxRelay {
    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
    private static final String PART = "outbox";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, String>> STRINGS = new TypeReference<>() {};
    private static final long POLL_MILLIS = 250;
    private static final int BATCH = 500;
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Duration DATABASE_TIMEOUT = Duration.ofSeconds(30);

    /// By the index: a scan of the table would pass over the room that a long outbox has left empty.
    private static final String ANY = "select min(position) is not null from outbox";

    private static final String LOCK =
            "select pg_try_advisory_xact_lock(hashtextextended(current_schema() || '.outbox', 0))";
    private static final String OLDEST = """
            select o.position, o.topic, o.record_key, o.headers, o.body, t.trace_parent, t.trace_state
            from (select * from outbox order by position limit %d) o
            left join lateral (
                select trace_parent, trace_state from trace_link
                where subject = any(string_to_array(o.trace_subjects, E'\\n')) order by recorded_at limit 1) t on true
            order by o.position""".formatted(BATCH);
    private static final String DELETE = "delete from outbox where position = any($1)";

    private final Pool pool;
    private final EventPublisher publisher;
    private final OutboxSignal signal;
    private final Stalls stalls;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final SupervisedThreads threads;
    private SupervisedThreads.@Nullable Supervised thread;

    OutboxRelay(Pool pool, EventPublisher publisher, OutboxSignal signal, Stalls stalls, SupervisedThreads threads) {
        this.pool = pool;
        this.publisher = publisher;
        this.signal = signal;
        this.stalls = stalls;
        this.threads = threads;
    }

    void start(@Observes StartupEvent event) {
        thread = threads.virtual("outbox-relay", this::run);
    }

    /// Lets the relay publish what is committed, as far as it can in ten seconds.
    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        stopping.countDown();
        signal.wake();
        SupervisedThreads.Supervised running = thread;
        if (running != null) {
            running.stop(DRAIN);
        }
    }

    private void run() throws InterruptedException {
        try {
            relay();
        } finally {
            // A thread that ended waits for nothing; the next one says by itself whether it does.
            stalls.moving(PART);
        }
    }

    private void relay() throws InterruptedException {
        int failures = 0;
        while (true) {
            try {
                boolean published = relayBatch();
                stalls.moving(PART);
                failures = 0;
                if (!published) {
                    if (stopping.getCount() == 0) {
                        return;
                    }
                    signal.await(POLL_MILLIS);
                }
            } catch (RuntimeException e) {
                if (stopping.getCount() == 0) {
                    LOG.warnf("Outbox left for the next start reason=%s", e);
                    return;
                }
                failures++;
                stalls.stalled(PART, e);
                LOG.warnf("Outbox waits attempt=%d reason=%s", failures, e);
                stopping.await(Backoff.pauseMillis(failures), TimeUnit.MILLISECONDS);
            }
        }
    }

    /// Publishes the oldest events; returns whether there were some, so that more may wait.
    private boolean relayBatch() {
        if (!await(pool.query(ANY).execute()).iterator().next().getBoolean(0)) {
            return false;
        }
        SqlConnection connection = await(pool.getConnection());
        try {
            Transaction transaction = await(connection.begin());
            try {
                boolean published = await(connection.query(LOCK).execute())
                                .iterator()
                                .next()
                                .getBoolean(0)
                        && relayOldest(connection);
                await(transaction.commit());
                return published;
            } catch (RuntimeException | Error e) {
                await(transaction.rollback());
                throw e;
            }
        } finally {
            await(connection.close());
        }
    }

    private boolean relayOldest(SqlConnection connection) {
        List<Row> rows = new ArrayList<>();
        await(connection.query(OLDEST).execute()).forEach(rows::add);
        if (rows.isEmpty()) {
            return false;
        }
        List<Long> published = new ArrayList<>(rows.size());
        RuntimeException fault = null;
        for (List<Row> wave : waves(rows)) {
            fault = publish(wave, published);
            if (fault != null) {
                break;
            }
        }
        if (!published.isEmpty()) {
            await(connection.preparedQuery(DELETE).execute(Tuple.of(published.toArray(Long[]::new))));
        }
        if (fault != null && published.isEmpty()) {
            throw fault;
        }
        return true;
    }

    /// Splits rows where a key repeats. Waves are published one after the other, so that a record that the
    /// broker refuses is never overtaken by a later one of its key.
    private static List<List<Row>> waves(List<Row> rows) {
        List<List<Row>> waves = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        List<Row> wave = new ArrayList<>();
        for (Row row : rows) {
            if (!keys.add(row.getString("topic") + '\n' + row.getString("record_key"))) {
                waves.add(wave);
                wave = new ArrayList<>();
                keys.clear();
                keys.add(row.getString("topic") + '\n' + row.getString("record_key"));
            }
            wave.add(row);
        }
        waves.add(wave);
        return waves;
    }

    /// Publishes rows together and waits for all; adds the positions of those that the broker has to `published`.
    private @Nullable RuntimeException publish(List<Row> wave, List<Long> published) {
        List<CompletableFuture<Void>> sends = wave.stream()
                .map(row -> publish(row).subscribeAsCompletionStage())
                .toList();
        RuntimeException fault = null;
        for (int i = 0; i < sends.size(); i++) {
            try {
                sends.get(i).join();
                published.add(wave.get(i).getLong("position"));
            } catch (CompletionException e) {
                fault = e;
            }
        }
        return fault;
    }

    private Uni<Void> publish(Row row) {
        return publisher.publish(new ProducerRecord<>(
                row.getString("topic"),
                null,
                row.getString("record_key"),
                row.getString("body").getBytes(StandardCharsets.UTF_8),
                headers(row)));
    }

    private static Headers headers(Row row) {
        try {
            Map<String, String> texts = JSON.readValue(row.getString("headers"), STRINGS);
            String traceParent = row.getString("trace_parent");
            if (traceParent != null) {
                texts.put("ce_traceparent", traceParent);
                String traceState = row.getString("trace_state");
                if (!traceState.isEmpty()) {
                    texts.put("ce_tracestate", traceState);
                }
            }
            Headers headers = new RecordHeaders();
            texts.forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
            return headers;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the outbox holds headers that are not JSON", e);
        }
    }

    private static <T> T await(Uni<T> work) {
        return work.await().atMost(DATABASE_TIMEOUT);
    }
}

package dev.graft.ingest.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.ingest.IngestConfig;
import dev.graft.messaging.Transactions;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Sends an import's state as server-sent events: the present one at once, each change, and a comment now and then so
/// that nobody on the way takes the connection for dead. Reads the row, so that any replica can be asked.
@Singleton
class ImportEvents {
    private static final long LOOK_MILLIS = 200;

    private final ImportViews views;
    private final Transactions transactions;
    private final ObjectMapper json;
    private final long heartbeatNanos;
    private final CountDownLatch stopping = new CountDownLatch(1);

    ImportEvents(ImportViews views, Transactions transactions, ObjectMapper json, IngestConfig config) {
        this.views = views;
        this.transactions = transactions;
        this.json = json;
        this.heartbeatNanos = config.imports().heartbeat().toNanos();
    }

    /// Sends until the import has ended, the reader has gone, or the service stops. Blocks the calling virtual thread.
    void follow(UUID importId, SseEventSink sink, Sse sse) throws InterruptedException {
        ImportView view = transactions.call(session -> views.get(session, importId));
        try (sink) {
            send(view, sink, sse);
            long lastNanos = System.nanoTime();
            while (!view.state().isFinal() && !stopping.await(LOOK_MILLIS, TimeUnit.MILLISECONDS) && !sink.isClosed()) {
                ImportViews.Pulse pulse = transactions.call(session -> views.pulse(session, importId));
                if (!pulse.equals(ImportViews.Pulse.of(view))) {
                    view = transactions.call(session -> views.get(session, importId));
                    send(view, sink, sse);
                    lastNanos = System.nanoTime();
                } else if (System.nanoTime() - lastNanos > heartbeatNanos) {
                    sink.send(sse.newEventBuilder().comment("alive").build())
                            .toCompletableFuture()
                            .join();
                    lastNanos = System.nanoTime();
                }
            }
        }
    }

    private void send(ImportView view, SseEventSink sink, Sse sse) {
        try {
            sink.send(sse.newEvent(json.writeValueAsString(view)))
                    .toCompletableFuture()
                    .join();
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a view cannot be written as JSON", impossible);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopping.countDown();
    }
}

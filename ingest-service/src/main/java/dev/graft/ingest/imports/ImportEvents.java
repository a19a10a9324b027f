package dev.graft.ingest.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.ingest.IngestConfig;
import dev.graft.jobs.Follower;
import dev.graft.jobs.JobEvent;
import dev.graft.jobs.JobFollowers;
import dev.graft.messaging.Transactions;
import jakarta.inject.Singleton;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Sends an import's state as server-sent events: the present one at once, each change, and a comment now and
/// then so that nobody on the way takes the connection for dead. Any replica can be asked, and the database is
/// read once for each change however many follow.
@Singleton
class ImportEvents {
    private final ImportViews views;
    private final JobFollowers followers;
    private final Transactions transactions;
    private final ObjectMapper json;
    private final Duration heartbeat;

    ImportEvents(
            ImportViews views,
            JobFollowers followers,
            Transactions transactions,
            ObjectMapper json,
            IngestConfig config) {
        this.views = views;
        this.followers = followers;
        this.transactions = transactions;
        this.json = json;
        this.heartbeat = config.imports().heartbeat();
    }

    /// Sends until the import has ended, the reader has gone, or the service stops. Blocks the calling virtual
    /// thread.
    ///
    /// @param lastEventId the id of the last event that the reader has; absent at its first request
    void follow(UUID importId, @Nullable String lastEventId, SseEventSink sink, Sse sse) throws InterruptedException {
        ImportView view = transactions.call(session -> views.get(session, importId));
        Long lastRevision = revision(lastEventId);
        try (sink) {
            // The job of an import that ended long ago is forgotten, and with it the events.
            if (view.state().isFinal() && (lastRevision == null || !followers.isKnown(importId.toString()))) {
                send(sink, sse.newEvent(write(view)));
            } else {
                followToEnd(importId, lastRevision, sink, sse);
            }
        }
    }

    private void followToEnd(UUID importId, @Nullable Long lastRevision, SseEventSink sink, Sse sse)
            throws InterruptedException {
        try (Follower<String> follower = followers.follow(importId.toString(), lastRevision, this::render)) {
            while (!follower.isAtEnd() && !sink.isClosed()) {
                Follower.Rendered<String> next = follower.next(heartbeat);
                if (next != null) {
                    send(
                            sink,
                            sse.newEventBuilder()
                                    .id(Long.toString(next.revision()))
                                    .data(next.event())
                                    .build());
                } else if (!follower.isAtEnd()) {
                    send(sink, sse.newEventBuilder().comment("alive").build());
                }
            }
        }
    }

    private static void send(SseEventSink sink, OutboundSseEvent event) {
        sink.send(event).toCompletableFuture().join();
    }

    private static @Nullable Long revision(@Nullable String lastEventId) {
        try {
            return lastEventId == null ? null : Long.valueOf(lastEventId.strip());
        } catch (NumberFormatException foreign) {
            return null;
        }
    }

    private String render(JobEvent event) {
        try {
            ImportView summary = json.readValue(event.body(), ImportView.class);
            return summary.rejectedTotal() > 0 || summary.state().isFinal()
                    ? write(transactions.call(session -> views.detailed(session, summary)))
                    : event.body();
        } catch (JsonProcessingException foreign) {
            throw new IllegalStateException("an event of an import is not as it was written", foreign);
        }
    }

    private String write(ImportView view) {
        try {
            return json.writeValueAsString(view);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a view cannot be written as JSON", impossible);
        }
    }
}

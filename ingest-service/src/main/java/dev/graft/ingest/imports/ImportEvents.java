package dev.graft.ingest.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.graft.ingest.IngestConfig;
import dev.graft.jobs.JobEvent;
import dev.graft.jobs.JobEventStream;
import dev.graft.messaging.Transactions;
import jakarta.inject.Singleton;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Sends how an import stands, and each change, as server-sent events.
@Singleton
class ImportEvents {
    private final ImportViews views;
    private final JobEventStream stream;
    private final Transactions transactions;
    private final ObjectMapper json;

    /// Another release may have written more.
    private final ObjectReader summaries;

    private final Duration heartbeat;

    ImportEvents(
            ImportViews views,
            JobEventStream stream,
            Transactions transactions,
            ObjectMapper json,
            IngestConfig config) {
        this.views = views;
        this.stream = stream;
        this.transactions = transactions;
        this.json = json;
        this.summaries = json.readerFor(ImportView.class).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        this.heartbeat = config.imports().heartbeat();
    }

    /// Sends until the import has ended, the reader has gone, or the service stops. Blocks the calling virtual
    /// thread.
    ///
    /// @param lastEventId the id of the last event that the reader has; absent at its first request
    void follow(UUID importId, @Nullable String lastEventId, SseEventSink sink, Sse sse) throws InterruptedException {
        ImportView view = transactions.call(session -> views.get(session, importId));
        String ended = view.state().isFinal() ? write(view) : null;
        stream.send(
                new JobEventStream.Source(importId.toString(), null, ended, this::render, heartbeat),
                lastEventId,
                sink,
                sse);
    }

    private String render(JobEvent event) {
        try {
            ImportView summary = summaries.readValue(event.body());
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

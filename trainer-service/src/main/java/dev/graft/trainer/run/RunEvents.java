package dev.graft.trainer.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.jobs.JobEvent;
import dev.graft.jobs.JobEventStream;
import dev.graft.trainer.TrainerConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Sends how a run stands, and each change, as server-sent events.
@ApplicationScoped
class RunEvents {
    private static final String NAME = "run";

    private final JobEventStream stream;
    private final ObjectMapper json;
    private final Duration heartbeat;

    RunEvents(JobEventStream stream, ObjectMapper json, TrainerConfig config) {
        this.stream = stream;
        this.json = json;
        this.heartbeat = config.heartbeat();
    }

    /// Sends until the run has ended, the reader has gone, or the service stops. Blocks the calling virtual
    /// thread.
    ///
    /// @param lastEventId the id of the last event that the reader has; absent at its first request
    void follow(TrainingRunView run, @Nullable String lastEventId, SseEventSink sink, Sse sse)
            throws InterruptedException {
        String ended = run.state().isFinal() ? write(run) : null;
        stream.send(
                new JobEventStream.Source(run.id(), NAME, ended, JobEvent::body, heartbeat), lastEventId, sink, sse);
    }

    private String write(TrainingRunView run) {
        try {
            return json.writeValueAsString(run);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a view cannot be written as JSON", impossible);
        }
    }
}

package dev.graft.trainer.run;

import dev.graft.jobs.Follower;
import dev.graft.jobs.JobEvent;
import dev.graft.jobs.JobFollowers;
import dev.graft.trainer.TrainerConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Sends a run's state as server-sent events: the present one at once, each change, and a comment now and then
/// so that no proxy takes the connection for dead. Any replica can be asked, and the database is read once for
/// each change however many follow.
@ApplicationScoped
class RunEvents {
    private static final String NAME = "run";

    private final JobFollowers followers;
    private final Duration heartbeat;

    RunEvents(JobFollowers followers, TrainerConfig config) {
        this.followers = followers;
        this.heartbeat = config.heartbeat();
    }

    /// Sends until the run has ended, the reader has gone, or the service stops. Blocks the calling virtual
    /// thread.
    ///
    /// @param lastEventId the id of the last event that the reader has; absent at its first request
    void follow(TrainingRunView run, @Nullable String lastEventId, SseEventSink sink, Sse sse)
            throws InterruptedException {
        Long lastRevision = revision(lastEventId);
        try (sink) {
            if (run.state().isFinal() && lastRevision == null) {
                send(
                        sink,
                        sse.newEventBuilder()
                                .name(NAME)
                                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                                .data(TrainingRunView.class, run)
                                .build());
                return;
            }
            try (Follower<String> follower = followers.follow(run.id(), lastRevision, JobEvent::body)) {
                while (!follower.isAtEnd() && !sink.isClosed()) {
                    Follower.Rendered<String> next = follower.next(heartbeat);
                    if (next != null) {
                        send(
                                sink,
                                sse.newEventBuilder()
                                        .name(NAME)
                                        .id(Long.toString(next.revision()))
                                        .data(next.event())
                                        .build());
                    } else if (!follower.isAtEnd()) {
                        send(sink, sse.newEventBuilder().comment("alive").build());
                    }
                }
            }
        }
    }

    private static void send(SseEventSink sink, OutboundSseEvent event) {
        Object unused = sink.send(event).toCompletableFuture().join();
    }

    private static @Nullable Long revision(@Nullable String lastEventId) {
        try {
            return lastEventId == null ? null : Long.valueOf(lastEventId.strip());
        } catch (NumberFormatException foreign) {
            return null;
        }
    }
}

package dev.graft.jobs;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Sends what happens to a job as server-sent events: how it stands at once, then each change, and a comment now and
/// then so that nobody on the way takes the connection for dead. Any replica can be asked, and the database is
/// read once for each change however many follow.
@ApplicationScoped
public class JobEventStream {
    private final JobFollowers followers;

    JobEventStream(JobFollowers followers) {
        this.followers = followers;
    }

    /// What is followed, and how.
    ///
    /// @param jobId     a job that [Jobs] has queued
    /// @param eventName the `event:` of each event; without one, events have none
    /// @param ended     how the job stands, as JSON, when it has ended already
    /// @param rendering turns an event into JSON, alike for all followers of the job
    /// @param heartbeat the longest time in which nothing is sent
    public record Source(
            String jobId,
            @Nullable String eventName,
            @Nullable String ended,
            Function<JobEvent, String> rendering,
            Duration heartbeat) {}

    /// Sends until the job has ended, the reader has gone, or the service stops. Blocks the calling thread, which
    /// should be a virtual one.
    ///
    /// @param lastEventId the id of the last event that the reader has; absent at its first request
    public void send(Source source, @Nullable String lastEventId, SseEventSink sink, Sse sse)
            throws InterruptedException {
        Long lastRevision = revision(lastEventId);
        String ended = source.ended();
        try (sink) {
            // A job that ended long ago is forgotten, and with it the events.
            if (ended != null && (lastRevision == null || !followers.isKnown(source.jobId()))) {
                send(sink, event(source, sse).data(ended).build());
            } else {
                sendToTheEnd(source, lastRevision, sink, sse);
            }
        }
    }

    private void sendToTheEnd(Source source, @Nullable Long lastRevision, SseEventSink sink, Sse sse)
            throws InterruptedException {
        try (Follower<String> follower = followers.follow(source.jobId(), lastRevision, source.rendering())) {
            while (!follower.isAtEnd() && !sink.isClosed()) {
                Follower.Rendered<String> next = follower.next(source.heartbeat());
                if (next != null) {
                    send(
                            sink,
                            event(source, sse)
                                    .id(Long.toString(next.revision()))
                                    .data(next.event())
                                    .build());
                } else if (!follower.isAtEnd()) {
                    send(sink, sse.newEventBuilder().comment("alive").build());
                }
            }
        }
    }

    private static OutboundSseEvent.Builder event(Source source, Sse sse) {
        String name = source.eventName();
        return name == null ? sse.newEventBuilder() : sse.newEventBuilder().name(name);
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

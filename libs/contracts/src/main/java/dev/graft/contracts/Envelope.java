package dev.graft.contracts;

import java.net.URI;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Carries an event with its CloudEvents 1.0 context attributes.
///
/// @param id     unique within `source`, at most 255 characters; a consumer that has seen it does nothing more
/// @param source who publishes, for example `/graft/ingest-service`, at most 2,000 characters
/// @param time   when the fact happened; absent when the publisher does not say
/// @param event  the fact
/// @param trace  the distributed trace to which it belongs, if any
public record Envelope<E extends Event>(
        String id,
        URI source,
        @Nullable Instant time,
        E event,
        @Nullable TraceContext trace) {
    private static final int MAX_ID_LENGTH = 255;
    private static final int MAX_SOURCE_LENGTH = 2_000;

    public Envelope {
        if (id.isBlank() || id.length() > MAX_ID_LENGTH) {
            throw new IllegalArgumentException("an event needs an id of 1 to %d characters".formatted(MAX_ID_LENGTH));
        }
        if (source.toString().length() > MAX_SOURCE_LENGTH) {
            throw new IllegalArgumentException(
                    "the source of an event has at most %d characters".formatted(MAX_SOURCE_LENGTH));
        }
        Objects.requireNonNull(event);
    }

    /// Wraps a fact that belongs to no trace.
    public Envelope(String id, URI source, @Nullable Instant time, E event) {
        this(id, source, time, event, null);
    }

    /// Wraps a new fact with a fresh id, now.
    public static <E extends Event> Envelope<E> of(URI source, E event) {
        return of(source, event, null);
    }

    /// Wraps a new fact of a trace with a fresh id, now.
    public static <E extends Event> Envelope<E> of(URI source, E event, @Nullable TraceContext trace) {
        return new Envelope<>(UUID.randomUUID().toString(), source, Instant.now(), event, trace);
    }

    /// Gives the kind of the event.
    public EventType type() {
        return EventType.of(event);
    }
}

package dev.graft.contracts;

import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/// Carries an event with its CloudEvents 1.0 context attributes.
///
/// In Kafka's binary content mode every attribute is a header `ce_<name>` and the record's value is the event's JSON
/// (CloudEvents 1.0.2, Kafka protocol binding, §3.2).
///
/// @param id      unique within `source`, at most 255 characters; a consumer that has seen it does nothing more
/// @param source  the service that tells, for example `/graft/ingest-service`
/// @param time    when the fact happened
/// @param event   the fact
public record Envelope<E extends Event>(String id, URI source, Instant time, E event) {
    public static final String SPEC_VERSION = "1.0";
    public static final String CONTENT_TYPE = "application/json";

    private static final int MAX_ID_LENGTH = 255;

    public Envelope {
        if (id.isBlank() || id.length() > MAX_ID_LENGTH) {
            throw new IllegalArgumentException("an event needs an id of 1 to %d characters".formatted(MAX_ID_LENGTH));
        }
        Objects.requireNonNull(source);
        Objects.requireNonNull(time);
        Objects.requireNonNull(event);
    }

    /// Wraps a new fact with a fresh id, now.
    public static <E extends Event> Envelope<E> of(URI source, E event) {
        return new Envelope<>(UUID.randomUUID().toString(), source, Instant.now(), event);
    }

    /// Gives the kind of the event.
    public EventType type() {
        return EventType.of(event);
    }

    /// Gives the headers of the Kafka record, in a fixed order.
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ce_specversion", SPEC_VERSION);
        headers.put("ce_id", id);
        headers.put("ce_source", source.toString());
        headers.put("ce_type", type().typeName());
        headers.put("ce_time", time.toString());
        headers.put("ce_subject", event.partitionKey());
        headers.put("content-type", CONTENT_TYPE);
        return headers;
    }
}

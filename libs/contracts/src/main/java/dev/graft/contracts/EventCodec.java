package dev.graft.contracts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Turns events into the wire form and back: CloudEvents 1.0 in Kafka's binary content mode, whose body is JSON.
///
/// The form depends on nothing but the event: map entries are sorted, and no service's own JSON settings apply.
/// Instances are immutable and safe for use by several threads.
public final class EventCodec {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /// The largest body of an event. Kafka's own limit for a record is 1,048,588 bytes with key and headers
    /// (`message.max.bytes`); one that it refuses would keep all that come after it waiting.
    public static final int MAX_BODY_BYTES = 1_000_000;

    /// Gives the body of an event's record. The headers are [Envelope#headers()], the key is [Event#partitionKey()].
    ///
    /// @throws IllegalArgumentException when it has more than [#MAX_BODY_BYTES]
    public byte[] encode(Event event) {
        try {
            byte[] body = JSON.writeValueAsBytes(event);
            if (body.length > MAX_BODY_BYTES) {
                throw new IllegalArgumentException("%s has %d bytes, at most %d can be told"
                        .formatted(EventType.of(event), body.length, MAX_BODY_BYTES));
            }
            return body;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + EventType.of(event), e);
        }
    }

    /// Reads a record.
    ///
    /// @param headers the record's headers; ones that are not known are ignored
    /// @param body    the record's value; null for a tombstone
    /// @throws PoisonEventException when it is no event that this version of Graft can read
    public Envelope<?> decode(Map<String, String> headers, byte @Nullable [] body) {
        String specVersion = required(headers, "ce_specversion");
        if (!specVersion.equals(Envelope.SPEC_VERSION)) {
            throw new PoisonEventException("unknown CloudEvents version: " + specVersion);
        }
        String typeName = required(headers, "ce_type");
        EventType type = EventType.named(typeName)
                .orElseThrow(() -> new PoisonEventException("unknown event type: " + typeName));
        if (body == null) {
            throw new PoisonEventException("the record has no body");
        }
        try {
            return new Envelope<>(
                    required(headers, "ce_id"),
                    URI.create(required(headers, "ce_source")),
                    Instant.parse(required(headers, "ce_time")),
                    event(type, body));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new PoisonEventException("invalid CloudEvents attribute: " + e.getMessage(), e);
        }
    }

    private static Event event(EventType type, byte[] body) {
        try {
            JsonNode tree = JSON.readTree(body);
            if (!tree.isObject()) {
                throw new PoisonEventException("the body is not a JSON object");
            }
            requiredMembers(type.record())
                    .filter(name -> !tree.hasNonNull(name))
                    .forEach(name -> {
                        throw new PoisonEventException("the body lacks the member " + name);
                    });
            return JSON.treeToValue(tree, type.record());
        } catch (IOException e) {
            throw new PoisonEventException("the body is not a valid " + type.typeName() + ": " + e.getMessage(), e);
        }
    }

    private static Stream<String> requiredMembers(Class<? extends Event> record) {
        return Arrays.stream(record.getRecordComponents())
                .filter(component -> !component.getAnnotatedType().isAnnotationPresent(Nullable.class))
                .map(RecordComponent::getName);
    }

    private static String required(Map<String, String> headers, String name) {
        String value = headers.get(name);
        if (value == null || value.isBlank()) {
            throw new PoisonEventException("the record lacks the header " + name);
        }
        return value;
    }
}

package dev.graft.contracts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Turns the data of events into JSON and back. The CloudEvents attributes beside it are for any CloudEvents SDK to
/// write and to read.
///
/// The form depends on nothing but the event: map entries are sorted, and no service's own JSON settings apply.
/// Instances are immutable and safe for use by several threads.
public final class EventCodec {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /// The largest data of an event. Kafka's own limit for a record is 1,048,588 bytes with key and headers
    /// (`message.max.bytes`); one that it refuses would keep all that come after it waiting.
    public static final int MAX_BODY_BYTES = 1_000_000;

    /// Gives the data of an event as JSON.
    ///
    /// @throws IllegalArgumentException when it has more than [#MAX_BODY_BYTES]
    public byte[] encode(Event event) {
        try {
            byte[] body = JSON.writeValueAsBytes(event);
            if (body.length > MAX_BODY_BYTES) {
                throw new IllegalArgumentException("%s has %d bytes, at most %d can be published"
                        .formatted(EventType.of(event), body.length, MAX_BODY_BYTES));
            }
            return body;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + EventType.of(event), e);
        }
    }

    /// Reads the data of an event. Members that are not known are ignored.
    ///
    /// @throws PoisonEventException when it is not what `type` demands
    public Event decode(EventType type, byte[] body) {
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
}

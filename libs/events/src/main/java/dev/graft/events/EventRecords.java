package dev.graft.events;

import dev.graft.contracts.Envelope;
import dev.graft.contracts.EventCodec;
import dev.graft.contracts.EventType;
import dev.graft.contracts.PoisonEventException;
import dev.graft.contracts.TraceContext;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// Turns events into Kafka records and back: CloudEvents 1.0 by the SDK of CloudEvents, whose data is JSON.
///
/// Writes binary content mode; reads binary and structured mode (`application/cloudevents+json`). Attributes that
/// Graft does not know are passed over before the SDK sees them, because it refuses a record for an extension whose
/// name or value it dislikes. Instances are immutable and safe for use by several threads.
public final class EventRecords {
    /// What stands before the name of an attribute in its header.
    static final String PREFIX = "ce_";

    /// The attributes that every event has.
    static final List<String> REQUIRED = List.of("specversion", "id", "source", "type");

    static final String JSON_CONTENT = "application/json";

    private static final String TRACE_PARENT = "traceparent";
    private static final String TRACE_STATE = "tracestate";
    private static final Set<String> ATTRIBUTES =
            Set.of("specversion", "id", "source", "type", "time", "subject", TRACE_PARENT, TRACE_STATE);
    private static final String CONTENT_TYPE = "content-type";

    private final EventCodec codec = new EventCodec();

    /// Writes an event as a record of its topic, in binary content mode.
    ///
    /// @throws IllegalArgumentException when its data has more than [EventCodec#MAX_BODY_BYTES]
    public ProducerRecord<String, byte[]> write(Envelope<?> envelope) {
        var event = CloudEventBuilder.v1()
                .withId(envelope.id())
                .withSource(envelope.source())
                .withType(envelope.type().typeName())
                .withSubject(envelope.event().partitionKey())
                .withData(JSON_CONTENT, codec.encode(envelope.event()));
        if (envelope.time() != null) {
            event = event.withTime(OffsetDateTime.ofInstant(envelope.time(), ZoneOffset.UTC));
        }
        TraceContext trace = envelope.trace();
        if (trace != null) {
            event = event.withExtension(TRACE_PARENT, trace.traceParent());
            if (trace.traceState() != null) {
                event = event.withExtension(TRACE_STATE, trace.traceState());
            }
        }
        return KafkaMessageFactory.createWriter(
                        envelope.type().topic(), envelope.event().partitionKey())
                .writeBinary(event.build());
    }

    /// Reads an event from a record.
    ///
    /// @throws PoisonEventException when it is no event that this version of Graft can read
    public Envelope<?> read(ConsumerRecord<?, byte[]> record) {
        byte[] value = record.value();
        if (value == null) {
            throw new PoisonEventException("the record has no body");
        }
        if (record.serializedValueSize() > value.length) {
            throw new PoisonEventException("the record has a body of %d bytes, at most %d can be read"
                    .formatted(record.serializedValueSize(), EventCodec.MAX_BODY_BYTES));
        }
        try {
            CloudEvent event = event(record.headers(), value);
            EventType type = EventType.named(event.getType())
                    .orElseThrow(() -> new PoisonEventException("unknown event type: " + event.getType()));
            CloudEventData data = event.getData();
            if (data == null) {
                throw new PoisonEventException("the record has no body");
            }
            OffsetDateTime time = event.getTime();
            return new Envelope<>(
                    event.getId(),
                    event.getSource(),
                    time == null ? null : time.toInstant(),
                    codec.decode(type, data.toBytes()),
                    trace(event, record.headers()));
        } catch (PoisonEventException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            // Whatever it is, it comes again with the record, and would stop the consumer each time.
            throw new PoisonEventException("not a valid CloudEvent: " + reason(e), e);
        }
    }

    private static CloudEvent event(Headers headers, byte[] value) {
        String contentType = text(headers, CONTENT_TYPE);
        CloudEvent event = contentType != null && StructuredEvent.isIn(contentType)
                ? structured(contentType, value)
                : binary(headers, value);
        if (event.getSpecVersion() != SpecVersion.V1) {
            throw new PoisonEventException("unknown CloudEvents version: " + event.getSpecVersion());
        }
        return event;
    }

    private static CloudEvent structured(String contentType, byte[] value) {
        StructuredEvent event = StructuredEvent.parse(contentType, value);
        return binary(event.attributes(), event.data());
    }

    private static CloudEvent binary(Headers headers, byte[] value) {
        for (String name : REQUIRED) {
            String attribute = text(headers, PREFIX + name);
            if (attribute == null || attribute.isBlank()) {
                throw new PoisonEventException("the record lacks the header " + PREFIX + name);
            }
        }
        Headers known = new RecordHeaders();
        for (Header header : headers) {
            if (header.value() != null
                    && header.key().startsWith(PREFIX)
                    && ATTRIBUTES.contains(header.key().substring(PREFIX.length()))) {
                known.remove(header.key()).add(header);
            }
        }
        return KafkaMessageFactory.createReader(known, value).toEvent();
    }

    private static @Nullable TraceContext trace(CloudEvent event, Headers headers) {
        Object parent = event.getExtension(TRACE_PARENT);
        return parent == null
                ? TraceContext.parse(text(headers, TRACE_PARENT), text(headers, TRACE_STATE))
                        .orElse(null)
                : TraceContext.parse(String.valueOf(parent), string(event.getExtension(TRACE_STATE)))
                        .orElse(null);
    }

    private static @Nullable String string(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /// The SDK says what is wrong in the innermost of its exceptions.
    private static String reason(Throwable fault) {
        Throwable cause = fault;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}

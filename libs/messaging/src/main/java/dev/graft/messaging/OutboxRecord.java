package dev.graft.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.Envelope;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// An event in its wire form, waiting for the relay. The database gives each row its position.
@Entity
@Table(name = "outbox")
class OutboxRecord {
    /// What separates subjects; none of them has one.
    static final String SUBJECT_SEPARATOR = "\n";

    private static final ObjectMapper JSON = new ObjectMapper();

    @Id
    @Column(name = "event_id")
    String eventId = "";

    @Column(nullable = false)
    String topic = "";

    @Column(name = "record_key", nullable = false)
    String recordKey = "";

    /// A JSON object of strings.
    @Column(nullable = false)
    String headers = "";

    @Column(nullable = false)
    String body = "";

    /// What the event is about, for an event that was appended for no request; the relay asks it for a trace.
    @Column(name = "trace_subjects")
    @Nullable
    String traceSubjects;

    /// For Hibernate.
    protected OutboxRecord() {}

    static OutboxRecord of(Envelope<?> envelope, ProducerRecord<String, byte[]> written) {
        OutboxRecord row = new OutboxRecord();
        row.eventId = envelope.id();
        row.topic = written.topic();
        row.recordKey = written.key();
        row.body = new String(written.value(), StandardCharsets.UTF_8);
        row.traceSubjects =
                envelope.trace() != null ? null : String.join(SUBJECT_SEPARATOR, TraceLinks.subjects(envelope.event()));
        Map<String, String> headers = new LinkedHashMap<>();
        written.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        try {
            row.headers = JSON.writeValueAsString(headers);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write headers", e);
        }
        return row;
    }
}

package dev.graft.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.Envelope;
import dev.graft.contracts.EventCodec;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;

/// An event in its wire form, waiting for the relay. The database gives each row its position.
@Entity
@Table(name = "outbox")
class OutboxRecord {
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

    /// For Hibernate.
    protected OutboxRecord() {}

    static OutboxRecord of(Envelope<?> envelope, EventCodec codec) {
        OutboxRecord row = new OutboxRecord();
        row.eventId = envelope.id();
        row.topic = envelope.type().topic();
        row.recordKey = envelope.event().partitionKey();
        row.body = new String(codec.encode(envelope.event()), StandardCharsets.UTF_8);
        try {
            row.headers = JSON.writeValueAsString(envelope.headers());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write headers", e);
        }
        return row;
    }
}

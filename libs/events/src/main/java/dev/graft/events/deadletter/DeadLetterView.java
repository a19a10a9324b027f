package dev.graft.events.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// A dead letter without its body.
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "DeadLetter", description = "A record that could not be read, or an event whose handling failed.")
public record DeadLetterView(
        @Schema(description = "Names the dead letter.", examples = "predictions.requested.v1-0-17")
        String id,

        @Schema(description = "unreadable: nobody can read it. parked: its handling failed several times.")
        DeadLetterKind kind,

        @Schema(description = "When it became one.") Instant time,

        @Schema(description = "The topic from which the record came.")
        String topic,

        @Schema(description = "The partition in which the original lies.")
        int partition,

        @Schema(description = "The offset at which the original lies.")
        long offset,

        @Schema(description = "The consumer that gave it up.") @Nullable
        String consumer,

        @Schema(description = "Why it was given up.") String reason,
        @Schema(description = "How often it was tried.") int attempts,

        @Schema(description = "The key of the record, or its beginning.") @Nullable
        String key,

        @Schema(description = "The CloudEvents id.") @Nullable
        String eventId,

        @Schema(description = "The CloudEvents type.") @Nullable
        String eventType,

        @Schema(description = "The size of the original's body.")
        long sizeBytes,

        @Schema(
                description =
                        "Whether the copy is incomplete; the original lies where topic, partition and offset say.")
        boolean cut,

        @Schema(description = "When it was replayed; absent when it was not.") @Nullable
        Instant replayedAt) {
    private static final int MAX_TEXT_LENGTH = 255;
    private static final int MAX_REASON_LENGTH = 1_100;

    static DeadLetterView of(DeadLetterId id, ConsumerRecord<String, byte[]> record, @Nullable Instant replayedAt) {
        Headers headers = record.headers();
        String kind = DeadLetterHeaders.text(headers, DeadLetterHeaders.KIND);
        String reason = DeadLetterHeaders.text(headers, DeadLetterHeaders.REASON);
        return new DeadLetterView(
                id.toString(),
                DeadLetterKind.PARKED.wireName().equals(kind) ? DeadLetterKind.PARKED : DeadLetterKind.UNREADABLE,
                Instant.ofEpochMilli(record.timestamp()),
                id.topic(),
                (int) DeadLetterHeaders.number(headers, DeadLetterHeaders.PARTITION, -1),
                DeadLetterHeaders.number(headers, DeadLetterHeaders.OFFSET, -1),
                cut(DeadLetterHeaders.text(headers, DeadLetterHeaders.CONSUMER), MAX_TEXT_LENGTH),
                reason == null ? "no reason was given" : String.valueOf(cut(reason, MAX_REASON_LENGTH)),
                (int) DeadLetterHeaders.number(headers, DeadLetterHeaders.ATTEMPTS, 1),
                cut(record.key(), MAX_TEXT_LENGTH),
                cut(DeadLetterHeaders.text(headers, "ce_id"), MAX_TEXT_LENGTH),
                cut(DeadLetterHeaders.text(headers, "ce_type"), MAX_TEXT_LENGTH),
                DeadLetterHeaders.number(headers, DeadLetterHeaders.SIZE_BYTES, record.serializedValueSize()),
                DeadLetterHeaders.text(headers, DeadLetterHeaders.CUT) != null,
                replayedAt);
    }

    /// Takes over from `replays`, by offset, when it was replayed.
    DeadLetterView replayed(Map<Long, Instant> replays) {
        Instant at = DeadLetterId.parse(id)
                .map(DeadLetterId::offset)
                .map(replays::get)
                .orElse(null);
        return new DeadLetterView(
                id, kind, time, topic, partition, offset, consumer, reason, attempts, key, eventId, eventType,
                sizeBytes, cut, at);
    }

    private static @Nullable String cut(@Nullable String text, int maxLength) {
        return text == null || text.length() <= maxLength ? text : text.substring(0, maxLength) + " …";
    }
}

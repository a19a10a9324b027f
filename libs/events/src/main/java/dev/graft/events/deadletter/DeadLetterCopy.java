package dev.graft.events.deadletter;

import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// As much of a record as fits its dead letter: whole where it can be, else without a large key, without the headers
/// beyond a bound, and with the beginning of its body.
///
/// @param cut whether something is missing
record DeadLetterCopy(@Nullable String key, Headers headers, byte[] body, boolean cut) {
    private static final byte[] NOTHING = {};

    /// The bounds of a copy, in bytes. [#WHOLE] with its headers fits a dead-letter topic as Graft makes it, [#SHORT] a
    /// topic with Kafka's own bound, [#BARE] any.
    enum Bounds {
        WHOLE(64 << 10, 256 << 10, 1 << 20),
        SHORT(16 << 10, 64 << 10, 64 << 10),
        BARE(0, 0, 0);

        private final int keyBytes;
        private final int headerBytes;
        private final int bodyBytes;

        Bounds(int keyBytes, int headerBytes, int bodyBytes) {
            this.keyBytes = keyBytes;
            this.headerBytes = headerBytes;
            this.bodyBytes = bodyBytes;
        }
    }

    static DeadLetterCopy of(ConsumerRecord<String, byte[]> record, Bounds bounds) {
        boolean cut = false;
        String key = record.key();
        if (key != null && record.serializedKeySize() > bounds.keyBytes) {
            key = null;
            cut = true;
        }
        Headers headers = new RecordHeaders();
        int room = bounds.headerBytes;
        for (Header header : record.headers()) {
            int size = header.key().length() + (header.value() == null ? 0 : header.value().length);
            if (header.key().startsWith(DeadLetterHeaders.PREFIX)
                    && !header.key().equals(DeadLetterHeaders.REPLAY_OF)) {
                continue;
            }
            if (size <= room) {
                headers.add(header);
                room -= size;
            } else {
                cut = true;
            }
        }
        byte[] value = record.value() == null ? NOTHING : record.value();
        byte[] body = value.length <= bounds.bodyBytes ? value : Arrays.copyOf(value, bounds.bodyBytes);
        return new DeadLetterCopy(key, headers, body, cut || body.length < record.serializedValueSize());
    }
}

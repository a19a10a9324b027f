package dev.graft.events.deadletter;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// Names the headers of dead letters. Where SmallRye's own dead letters have the same, the names are theirs.
final class DeadLetterHeaders {
    static final String PREFIX = "dead-letter-";
    static final String KIND = PREFIX + "kind";
    static final String REASON = PREFIX + "reason";
    static final String ATTEMPTS = PREFIX + "attempts";
    static final String CONSUMER = PREFIX + "consumer";
    static final String TOPIC = PREFIX + "topic";
    static final String PARTITION = PREFIX + "partition";
    static final String OFFSET = PREFIX + "offset";
    static final String SIZE_BYTES = PREFIX + "size-bytes";

    /// Present when key, headers or body were cut.
    static final String CUT = PREFIX + "cut";

    /// On a note that a dead letter was replayed: its offset.
    static final String REPLAYED = PREFIX + "replayed";

    /// On a replayed record: the dead letter that it was.
    static final String REPLAY_OF = PREFIX + "replay-of";

    private DeadLetterHeaders() {}

    static void put(Headers headers, String name, String value) {
        headers.remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    static long number(Headers headers, String name, long otherwise) {
        String text = text(headers, name);
        return text != null && text.matches("[0-9]{1,18}") ? Long.parseLong(text) : otherwise;
    }
}

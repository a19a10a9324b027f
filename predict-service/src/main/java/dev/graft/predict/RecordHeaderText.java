package dev.graft.predict;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;

/// Reads the headers of Kafka records as text.
public final class RecordHeaderText {
    private RecordHeaderText() {}

    /// Gives the last value of each header, as UTF-8.
    public static Map<String, String> of(Iterable<Header> headers) {
        Map<String, String> text = new HashMap<>();
        for (Header header : headers) {
            if (header.value() != null) {
                text.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        return text;
    }
}

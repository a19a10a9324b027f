package dev.graft.events.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// A dead letter with what it holds.
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "DeadLetterContent", description = "A dead letter with its headers and body.")
public record DeadLetterContentView(
        @JsonUnwrapped DeadLetterView deadLetter,

        @Schema(description = "The headers of the record, as UTF-8.")
        Map<String, String> headers,

        @Schema(description = "The body, when it is UTF-8.") @Nullable
        String body,

        @Schema(description = "The body in Base64, when it is not UTF-8.") @Nullable
        String bodyBase64) {
    static DeadLetterContentView of(DeadLetterView view, ConsumerRecord<String, byte[]> record) {
        Map<String, String> headers = new TreeMap<>();
        for (Header header : record.headers()) {
            if (header.value() != null && !header.key().startsWith(DeadLetterHeaders.PREFIX)) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        byte[] value = record.value() == null ? new byte[0] : record.value();
        String text = text(value);
        return new DeadLetterContentView(
                view, headers, text, text == null ? Base64.getEncoder().encodeToString(value) : null);
    }

    private static @Nullable String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}

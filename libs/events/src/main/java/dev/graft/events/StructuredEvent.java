package dev.graft.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.contracts.PoisonEventException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// An event in structured mode, taken apart into what it would be in binary mode, so that both are read alike
/// (JSON event format of CloudEvents 1.0.2).
///
/// The SDK's own reader of this format takes data for JSON only where the media type is in lower case and has
/// nothing but letters before `+json`.
///
/// @param attributes the members that are strings, each as the header that it would be
/// @param data       the bytes of `data` or `data_base64`
record StructuredEvent(Headers attributes, byte[] data) {
    private static final String FORMAT = "application/cloudevents+json";
    private static final String DATA = "data";
    private static final String DATA_BASE64 = "data_base64";
    private static final String DATA_CONTENT_TYPE = "datacontenttype";
    private static final List<String> OPTIONAL = List.of("time", "subject", DATA_CONTENT_TYPE);
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Returns whether the content type of a record means structured mode, in any format.
    static boolean isIn(String contentType) {
        return contentType.toLowerCase(Locale.ROOT).startsWith("application/cloudevents");
    }

    /// Takes the body of a record apart. Members without a value count as absent.
    ///
    /// @throws PoisonEventException when it is no event in JSON
    /// @throws IllegalArgumentException when its binary data is not Base64
    static StructuredEvent parse(String contentType, byte[] body) {
        if (!mediaType(contentType).equals(FORMAT)) {
            throw new PoisonEventException(
                    "CloudEvents of the format %s are not understood, %s is".formatted(contentType, FORMAT));
        }
        try {
            if (!(JSON.readTree(body) instanceof ObjectNode event)) {
                throw new PoisonEventException("the body is not a JSON object");
            }
            requireStrings(event);
            Headers attributes = new RecordHeaders();
            event.properties().stream()
                    .filter(member -> member.getValue().isTextual())
                    .forEach(member -> attributes.add(
                            EventRecords.PREFIX + member.getKey(),
                            member.getValue().textValue().getBytes(StandardCharsets.UTF_8)));
            return new StructuredEvent(attributes, data(event));
        } catch (JsonProcessingException e) {
            throw new PoisonEventException("the body is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new PoisonEventException("the body is not JSON: " + e.getMessage(), e);
        }
    }

    private static void requireStrings(ObjectNode event) {
        for (String name : EventRecords.REQUIRED) {
            JsonNode attribute = event.path(name);
            if (!attribute.isTextual() || attribute.textValue().isBlank()) {
                throw new PoisonEventException("the event lacks the attribute " + name);
            }
        }
        for (String name : OPTIONAL) {
            if (event.hasNonNull(name) && !event.path(name).isTextual()) {
                throw new PoisonEventException("the attribute %s is not a string".formatted(name));
            }
        }
    }

    private static byte[] data(ObjectNode event) throws IOException {
        if (event.hasNonNull(DATA) && event.hasNonNull(DATA_BASE64)) {
            throw new PoisonEventException("the event has both data and data_base64");
        }
        if (event.hasNonNull(DATA_BASE64)) {
            return Base64.getDecoder().decode(event.path(DATA_BASE64).asText());
        }
        if (!event.hasNonNull(DATA)) {
            throw new PoisonEventException("the record has no body");
        }
        JsonNode data = event.path(DATA);
        // What has no media type is JSON.
        String contentType = event.path(DATA_CONTENT_TYPE).asText(EventRecords.JSON_CONTENT);
        if (isJson(mediaType(contentType))) {
            return JSON.writeValueAsBytes(data);
        }
        if (!data.isTextual()) {
            throw new PoisonEventException("data of the media type %s is not a string".formatted(contentType));
        }
        return data.textValue().getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isJson(String mediaType) {
        return mediaType.endsWith("/json") || mediaType.indexOf('/') > 0 && mediaType.endsWith("+json");
    }

    private static String mediaType(String contentType) {
        int parameters = contentType.indexOf(';');
        return (parameters < 0 ? contentType : contentType.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
    }
}

package dev.graft.contracts;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;

/// A record as it was pinned: topic, key, headers and body.
public record GoldenFile(String topic, String key, Map<String, String> headers, JsonNode body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static GoldenFile read(String name) {
        try (InputStream file = GoldenFile.class.getResourceAsStream("/golden/" + name + ".json")) {
            JsonNode root = JSON.readTree(Objects.requireNonNull(file, name));
            return new GoldenFile(
                    root.get("topic").textValue(),
                    root.get("key").textValue(),
                    JSON.convertValue(root.get("headers"), new TypeReference<>() {}),
                    root.get("body"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Gives the bytes of the body: no space between tokens, members in the pinned order.
    public byte[] bodyBytes() {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

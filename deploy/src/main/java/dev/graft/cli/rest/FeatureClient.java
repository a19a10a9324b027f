package dev.graft.cli.rest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;

/// Asks the feature service.
public final class FeatureClient {
    private final RestClient rest;

    FeatureClient(RestClient rest) {
        this.rest = rest;
    }

    /// Lists the backbones: the catalogue's records.
    public JsonNode backbones() {
        return rest.get("/v1/backbones", new TypeReference<>() {});
    }

    /// Embeds one picture.
    ///
    /// @param choice `backbone`, `layer`, `inputSize` and `precision`, as far as they are chosen
    public EmbeddingView embed(byte[] picture, Map<String, String> choice) {
        return rest.post(
                "/v1/embeddings" + Paths.query(choice),
                "image/unknown",
                () -> BodyPublishers.ofByteArray(picture),
                null,
                new TypeReference<>() {});
    }
}

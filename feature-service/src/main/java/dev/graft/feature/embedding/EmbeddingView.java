package dev.graft.feature.embedding;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// Shows an embedding to clients.
///
/// @param imageId         the stored picture; absent when the picture came with the request
/// @param extractorDigest identity of weights, layer, preprocessing and precision: vectors compare when it is equal
/// @param vector          float32 [dimension]
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EmbeddingView(
        @Nullable String imageId,
        String backbone,
        String layer,
        int inputSizePixels,
        String precision,
        String extractorDigest,
        int dimension,
        float[] vector) {}

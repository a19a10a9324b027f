package dev.graft.feature.embedding;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Shows an embedding to clients.
///
/// @param imageId         the stored image; absent when the image came with the request
/// @param extractorDigest identity of weights, layer, preprocessing and precision: vectors compare when it is equal
/// @param vector          float32 [dimension]
@Schema(examples = """
        {"imageId": "8a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b4760",
        "backbone": "tf_efficientnet_lite0.in1k", "layer": "global_pool", "inputSizePixels": 224,
        "precision": "f32",
        "extractorDigest": "8a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b4760",
        "dimension": 3, "vector": [0.25, 0.0, 1.5]}""")
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

package dev.graft.contracts;

import java.util.List;

/// A segment of new embeddings was committed; row i holds the embedding of `imageIds[i]`.
///
/// @param extractorDigest identity of backbone, weights, layer, preprocessing and precision
/// @param objectKey       the immutable segment file
/// @param dimension       length of each vector, float32
public record EmbeddingSegmentComputed(
        String segmentId,
        String extractorDigest,
        String backbone,
        String layer,
        String objectKey,
        int dimension,
        List<String> imageIds)
        implements Event {

    public EmbeddingSegmentComputed {
        imageIds = List.copyOf(imageIds);
    }

    @Override
    public String partitionKey() {
        return segmentId;
    }
}

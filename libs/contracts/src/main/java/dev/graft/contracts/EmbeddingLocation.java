package dev.graft.contracts;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/// Says where the embedding of a picture lies: one line of an embedding job's index.
///
/// @param objectKey the segment file
/// @param row       the row of its matrix, from 0
@JsonPropertyOrder({"imageId", "objectKey", "row"})
public record EmbeddingLocation(String imageId, String objectKey, int row) {
    public EmbeddingLocation {
        ImageIds.check(imageId);
        if (row < 0) {
            throw new IllegalArgumentException("row must not be negative: " + row);
        }
    }
}

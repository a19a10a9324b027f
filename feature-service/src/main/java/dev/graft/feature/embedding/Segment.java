package dev.graft.feature.embedding;

import dev.graft.networks.network.Shape;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.SafetensorsWriter;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Holds embeddings that are written together, as one immutable file.
///
/// The file is safetensors: the tensor `embeddings`, float32 [images, dimension], and the ids of its rows, separated
/// by commas, as the metadata `imageIds`.
///
/// @param id        names the segment
/// @param imageIds  the images of the rows
/// @param dimension length of a vector
/// @param vectors   float32 [images, dimension], row-major; not copied
public record Segment(UUID id, List<String> imageIds, int dimension, float[] vectors) {
    static final String TENSOR = "embeddings";
    private static final String IMAGE_IDS = "imageIds";

    public Segment {
        imageIds = List.copyOf(imageIds);
        if (imageIds.isEmpty() || vectors.length != imageIds.size() * dimension) {
            throw new IllegalArgumentException(
                    "%d numbers are not %d vectors of length %d".formatted(vectors.length, imageIds.size(), dimension));
        }
    }

    /// Gives the bytes of the file.
    public byte[] toBytes() {
        FloatTensor tensor = FloatTensor.of(Shape.of(imageIds.size(), dimension), vectors);
        return SafetensorsWriter.toBytes(Map.of(IMAGE_IDS, String.join(",", imageIds)), Map.of(TENSOR, tensor));
    }
}

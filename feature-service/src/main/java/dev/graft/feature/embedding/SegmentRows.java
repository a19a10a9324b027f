package dev.graft.feature.embedding;

import dev.graft.networks.network.Shape;
import dev.graft.networks.weights.MalformedWeightsException;
import dev.graft.networks.weights.TensorPlace;
import dev.graft.objectstore.ObjectStore;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Reads single vectors out of segments in the object store: the header and the row, by ranges, however large the
/// segment is.
@Singleton
public class SegmentRows {
    /// The ids of some 60,000 rows; a chunk has some hundred.
    private static final int MAX_HEADER_BYTES = 4 << 20;

    private final ObjectStore store;

    /// Makes a reader of the segments in a store.
    public SegmentRows(ObjectStore store) {
        this.store = store;
    }

    /// Reads one vector.
    ///
    /// @param row counted from 0
    /// @return float32 [dimension]
    /// @throws IllegalStateException when the file is no segment or has no such row
    /// @throws dev.graft.objectstore.ObjectNotFoundException when there is no such file
    public float[] read(String objectKey, int row) {
        TensorPlace vectors = vectors(objectKey);
        Shape shape = vectors.shape();
        if (!vectors.type().equals("F32") || shape.rank() != 2) {
            throw new IllegalStateException("%s is no segment: its vectors are %s".formatted(objectKey, vectors));
        }
        if (row < 0 || row >= shape.at(0)) {
            throw new IllegalStateException("%s has no row %d: its vectors are %s".formatted(objectKey, row, vectors));
        }
        float[] vector = new float[Math.toIntExact(shape.at(1))];
        int rowBytes = Math.multiplyExact(vector.length, Float.BYTES);
        ByteBuffer.wrap(store.readRange(objectKey, vectors.beginBytes() + (long) row * rowBytes, rowBytes))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(vector);
        return vector;
    }

    private TensorPlace vectors(String objectKey) {
        try {
            int headerBytes =
                    TensorPlace.headerBytes(store.readRange(objectKey, 0, TensorPlace.LENGTH_BYTES), MAX_HEADER_BYTES);
            byte[] header = store.readRange(objectKey, TensorPlace.LENGTH_BYTES, Math.max(1, headerBytes));
            return TensorPlace.in(header, Segment.TENSOR);
        } catch (MalformedWeightsException e) {
            throw new IllegalStateException(objectKey + " is no segment", e);
        }
    }
}

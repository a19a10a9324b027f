package dev.graft.feature.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.objectstore.ObjectStore;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Reads single vectors out of segments in the object store: the header and the row, by ranges, however large the
/// segment is.
@Singleton
public class SegmentRows {
    private static final int LENGTH_BYTES = 8;

    /// The ids of some 60,000 rows; a chunk has some hundred.
    private static final int MAX_HEADER_BYTES = 4 << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

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
        long headerBytes =
                littleEndian(store.readRange(objectKey, 0, LENGTH_BYTES)).getLong();
        if (headerBytes < 1 || headerBytes > MAX_HEADER_BYTES) {
            throw new IllegalStateException(
                    "%s is no segment: its header would have %d bytes".formatted(objectKey, headerBytes));
        }
        JsonNode tensor = header(objectKey, (int) headerBytes).path(Segment.TENSOR);
        JsonNode shape = tensor.path("shape");
        int dimension = shape.path(1).asInt();
        if (!"F32".equals(tensor.path("dtype").asText()) || shape.size() != 2 || dimension < 1) {
            throw new IllegalStateException("%s is no segment: its vectors are %s".formatted(objectKey, tensor));
        }
        if (row < 0 || row >= shape.path(0).asLong()) {
            throw new IllegalStateException("%s has no row %d: its vectors are %s".formatted(objectKey, row, tensor));
        }
        int rowBytes = Math.multiplyExact(dimension, Float.BYTES);
        long begin =
                LENGTH_BYTES + headerBytes + tensor.path("data_offsets").path(0).asLong() + (long) row * rowBytes;
        float[] vector = new float[dimension];
        littleEndian(store.readRange(objectKey, begin, rowBytes))
                .asFloatBuffer()
                .get(vector);
        return vector;
    }

    private JsonNode header(String objectKey, int headerBytes) {
        try {
            return JSON.readTree(store.readRange(objectKey, LENGTH_BYTES, headerBytes));
        } catch (IOException e) {
            throw new IllegalStateException(objectKey + " is no segment: its header is no JSON", e);
        }
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}

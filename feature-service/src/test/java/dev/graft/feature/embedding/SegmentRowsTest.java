package dev.graft.feature.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.objectstore.InMemoryObjectStore;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectInfo;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SegmentRowsTest {
    private static final int ROWS = 5_000;
    private static final int DIMENSION = 640;
    private static final String KEY = "embeddings/test/many-rows";

    private final ObjectStore store = new InMemoryObjectStore();

    @Test
    void readsTheRightRowOfManyWithoutReadingTheOthers() {
        store.put(KEY, ObjectContent.of(segment().toBytes(), "application/octet-stream"));
        RangesOnly ranges = new RangesOnly(store);
        SegmentRows rows = new SegmentRows(ranges);

        for (int row : new int[] {0, 1, ROWS / 2, ROWS - 1}) {
            assertThat(rows.read(KEY, row)).isEqualTo(vector(row));
        }
        assertThat(ranges.largestBytes).isLessThan(store.head(KEY).orElseThrow().sizeBytes() / 10);
    }

    @Test
    void refusesARowThatIsNotThere() {
        store.put(KEY, ObjectContent.of(segment().toBytes(), "application/octet-stream"));
        SegmentRows rows = new SegmentRows(store);

        assertThatThrownBy(() -> rows.read(KEY, ROWS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no row " + ROWS);
        assertThatThrownBy(() -> rows.read("embeddings/test/nowhere", 0)).isInstanceOf(ObjectNotFoundException.class);
    }

    @Test
    void refusesWhatIsNoSegment() {
        store.put(KEY, ObjectContent.of("no segment at all".getBytes(StandardCharsets.US_ASCII), "text/plain"));

        assertThatThrownBy(() -> new SegmentRows(store).read(KEY, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is no segment");
    }

    private static Segment segment() {
        float[] vectors = new float[ROWS * DIMENSION];
        for (int row = 0; row < ROWS; row++) {
            System.arraycopy(vector(row), 0, vectors, row * DIMENSION, DIMENSION);
        }
        List<String> imageIds =
                IntStream.range(0, ROWS).mapToObj("%064x"::formatted).toList();
        return new Segment(new UUID(0, 1), imageIds, DIMENSION, vectors);
    }

    private static float[] vector(int row) {
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = row - i / 1_000f;
        }
        return vector;
    }

    /// A store that gives ranges, and nothing as a whole.
    private static final class RangesOnly implements ObjectStore {
        private final ObjectStore store;
        private long largestBytes;

        RangesOnly(ObjectStore store) {
            this.store = store;
        }

        @Override
        public byte[] readRange(String key, long offsetBytes, int lengthBytes) {
            largestBytes = Math.max(largestBytes, lengthBytes);
            return store.readRange(key, offsetBytes, lengthBytes);
        }

        @Override
        public byte[] read(String key, int maxSizeBytes) {
            throw new UnsupportedOperationException("the whole of " + key);
        }

        @Override
        public InputStream open(String key) {
            throw new UnsupportedOperationException("the whole of " + key);
        }

        @Override
        public void put(String key, ObjectContent content) {
            throw new UnsupportedOperationException(key);
        }

        @Override
        public boolean putIfAbsent(String key, ObjectContent content) {
            throw new UnsupportedOperationException(key);
        }

        @Override
        public Optional<ObjectInfo> head(String key) {
            return store.head(key);
        }

        @Override
        public void delete(String key) {
            throw new UnsupportedOperationException(key);
        }

        @Override
        public void ping() {
            store.ping();
        }

        @Override
        public void close() {
            store.close();
        }
    }
}

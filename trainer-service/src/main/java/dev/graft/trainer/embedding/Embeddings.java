package dev.graft.trainer.embedding;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.contracts.EmbeddingLocation;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Safetensors;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectStoreUnavailableException;
import dev.graft.trainer.head.FeatureMatrix;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Reads embeddings from object storage. Blocks.
@ApplicationScoped
public class Embeddings {
    private static final String TENSOR = "embeddings";
    private static final String IMAGE_IDS = "imageIds";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final int MAX_SEGMENT_BYTES = 256 << 20;
    private static final int SEGMENTS_AT_ONCE = 8;
    /// Heap for segments that are read at one moment.
    private static final int MEBIBYTES_AT_ONCE = 192;

    private final ObjectStore store;

    Embeddings(ObjectStore store) {
        this.store = store;
    }

    /// Reads where the embeddings of a job's pictures lie; pictures that have none are not in it.
    ///
    /// @throws UnusableEmbeddingsException when it is damaged
    /// @throws ObjectStoreUnavailableException when it cannot be read to its end now
    public Map<String, EmbeddingLocation> index(String indexKey) {
        Map<String, EmbeddingLocation> locations = new HashMap<>();
        try (InputStream in = store.open(indexKey);
                var lines = JSON.readerFor(EmbeddingLocation.class).<EmbeddingLocation>readValues(in)) {
            while (lines.hasNextValue()) {
                EmbeddingLocation location = lines.nextValue();
                if (location == null) {
                    throw new UnusableEmbeddingsException(indexKey + " is no index of embeddings");
                }
                locations.put(location.imageId(), location);
            }
            return locations;
        } catch (JacksonException damaged) {
            throw new UnusableEmbeddingsException(indexKey + " is no index of embeddings", damaged);
        } catch (IOException cut) {
            throw new ObjectStoreUnavailableException("the stream of " + indexKey + " ended early", cut);
        }
    }

    /// Reads the embeddings of pictures into a matrix, which the caller closes.
    ///
    /// @param imageIds one for each row
    /// @param index    where they lie; all of them must
    /// @throws UnusableEmbeddingsException when a segment does not hold what the index says
    public FeatureMatrix read(List<String> imageIds, Map<String, EmbeddingLocation> index, int dimension) {
        Map<String, List<Wanted>> wantedBySegment = new HashMap<>();
        for (int row = 0; row < imageIds.size(); row++) {
            EmbeddingLocation location = index.get(imageIds.get(row));
            if (location == null) {
                throw new UnusableEmbeddingsException("there is no embedding of " + imageIds.get(row));
            }
            wantedBySegment
                    .computeIfAbsent(location.objectKey(), _ -> new ArrayList<>())
                    .add(new Wanted(row, location));
        }
        FeatureMatrix matrix = new FeatureMatrix(imageIds.size(), dimension);
        Semaphore permits = new Semaphore(MEBIBYTES_AT_ONCE);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try (threads) {
            List<Future<?>> segments = new ArrayList<>();
            wantedBySegment.forEach((key, wanted) -> segments.add(threads.submit(() -> {
                int mebibytes = mebibytes(wanted, dimension);
                permits.acquire(mebibytes);
                try {
                    copy(key, wanted, matrix);
                } finally {
                    permits.release(mebibytes);
                }
                return key;
            })));
            waitFor(segments, threads);
            return matrix;
        } catch (RuntimeException | Error e) {
            // No thread writes to it any more: the executor is closed before this.
            matrix.close();
            throw e;
        }
    }

    /// Waits for all; the first failure, or an interrupt, stops the others, which are interrupted where they read.
    private static void waitFor(List<Future<?>> segments, ExecutorService threads) {
        try {
            for (Future<?> segment : segments) {
                segment.get();
            }
        } catch (ExecutionException e) {
            threads.shutdownNow();
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    /// Gives about how large a segment is: rows are written from the first on.
    private static int mebibytes(List<Wanted> wanted, int dimension) {
        long rows = wanted.stream()
                .mapToLong(one -> one.location().row() + 1L)
                .max()
                .orElse(1);
        long mebibytes = (rows * dimension * Float.BYTES >> 20) + 1;
        return Math.toIntExact(Math.clamp(mebibytes, MEBIBYTES_AT_ONCE / SEGMENTS_AT_ONCE, MEBIBYTES_AT_ONCE));
    }

    /// A row to be filled, and where its vector lies.
    private record Wanted(int row, EmbeddingLocation location) {}

    private void copy(String key, List<Wanted> wanted, FeatureMatrix matrix) {
        try (Safetensors segment = Safetensors.of(store.read(key, MAX_SEGMENT_BYTES))) {
            FloatTensor tensor = segment.tensor(TENSOR);
            String[] held = segment.metadata().getOrDefault(IMAGE_IDS, "").split(",");
            if (tensor.shape().rank() != 2
                    || tensor.shape().at(1) != matrix.columns()
                    || tensor.shape().at(0) != held.length) {
                throw new UnusableEmbeddingsException(
                        "%s holds %s, not rows of %d".formatted(key, tensor.shape(), matrix.columns()));
            }
            long rowBytes = (long) matrix.columns() * Float.BYTES;
            for (Wanted one : wanted) {
                String imageId = one.location().imageId();
                int at = one.location().row();
                if (at >= held.length || !held[at].equals(imageId)) {
                    throw new UnusableEmbeddingsException("row %d of %s is not of %s".formatted(at, key, imageId));
                }
                matrix.setRow(one.row(), tensor.data().asSlice(at * rowBytes, rowBytes));
            }
        }
    }
}

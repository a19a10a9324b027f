package dev.graft.ingest.intake;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.graft.contracts.ObjectKeys;
import dev.graft.ingest.IngestConfig;
import dev.graft.messaging.Transactions;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectStoreException;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Keeps the bytes of images and of refused files, each once, under the digest of its content. Blocks; not
/// for event loops.
@Singleton
public class ImageStore {
    private static final String OPAQUE = "application/octet-stream";

    private final ObjectStore objects;
    private final Transactions transactions;
    private final Semaphore places;
    private final ExecutorService puts = Executors.newVirtualThreadPerTaskExecutor();

    ImageStore(ObjectStore objects, Transactions transactions, IngestConfig config) {
        this.objects = objects;
        this.transactions = transactions;
        this.places = new Semaphore(config.imports().concurrentPuts());
    }

    /// Keeps the bytes of files, many at a time. What a row says to be there is not sent again.
    ///
    /// @throws ObjectStoreException when object storage is away or refuses
    public void keep(List<Checked> files) {
        Map<String, Checked> missing = new HashMap<>();
        for (Checked file : files) {
            if (file.objectKey() != null) {
                missing.put(file.objectKey(), file);
            }
        }
        presentKeys(files).forEach(missing::remove);
        List<Future<?>> running = new ArrayList<>(missing.size());
        missing.forEach((key, file) -> running.add(puts.submit(() -> {
            put(key, file);
            return null;
        })));
        running.forEach(ImageStore::join);
    }

    private Set<String> presentKeys(List<Checked> files) {
        List<String> imageIds = new ArrayList<>();
        for (Checked file : files) {
            if (file.candidate() instanceof Candidate.Image image) {
                imageIds.add(image.image().imageId());
            }
        }
        if (imageIds.isEmpty()) {
            return Set.of();
        }
        return transactions
                .<List<String>>call(
                        session -> session.createSelectionQuery("select id from Image where id in :ids", String.class)
                                .setParameter("ids", imageIds)
                                .getResultList())
                .stream()
                .map(ObjectKeys::image)
                .collect(toUnmodifiableSet());
    }

    /// Equal keys mean equal bytes, so it does not matter which request stores them.
    private void put(String key, Checked file) throws InterruptedException {
        String mediaType = file.candidate() instanceof Candidate.Image image
                ? image.image().mediaType()
                : OPAQUE;
        places.acquire();
        try {
            objects.putIfAbsent(key, ObjectContent.of(file.bytes(), mediaType));
        } finally {
            places.release();
        }
    }

    private static void join(Future<?> put) {
        try {
            put.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("an object was not stored", failed.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new ProblemException(ProblemType.BACKEND_UNAVAILABLE, "The service stops.", stop);
        }
    }

    @PreDestroy
    void close() {
        puts.shutdownNow();
    }
}

package dev.graft.feature.pipeline;

import dev.graft.contracts.ObjectKeys;
import dev.graft.events.Backoff;
import dev.graft.feature.embedding.Failure;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectTooLargeException;
import dev.graft.vision.DecodeLimits;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import org.jboss.logging.Logger;

/// Brings the bytes of a chunk's images, some at a time, each on a virtual thread. A batch goes on as soon as all its
/// images are there. While the object store is away, fetching waits.
final class ImageFetcher {
    private static final Logger LOG = Logger.getLogger(ImageFetcher.class);

    private static final int MAX_FILE_SIZE_BYTES = (int) DecodeLimits.STANDARD.maxFileSizeBytes();

    private final ObjectStore store;
    private final FetchedBytes fetched;
    private final Semaphore slots;
    private final BlockingDeque<Chunk.Batch> ready;
    private final ThreadFactory threads = Thread.ofVirtual().name("fetch-", 0).factory();
    private volatile boolean stopped;

    /// Makes a fetcher.
    ///
    /// @param concurrency how many images are fetched at the same time
    /// @param ready       where complete batches go; unbounded, because the fetched bytes are bounded
    ImageFetcher(ObjectStore store, FetchedBytes fetched, int concurrency, BlockingDeque<Chunk.Batch> ready) {
        this.store = store;
        this.fetched = fetched;
        this.slots = new Semaphore(concurrency);
        this.ready = ready;
    }

    /// Starts fetching every image of a chunk, and returns when the last one has begun. Whatever is thrown meanwhile,
    /// here or by a fetch, breaks the chunk off; its batches become complete all the same, unless the service
    /// stops.
    void fetch(Chunk chunk) throws InterruptedException {
        int begun = 0;
        try {
            for (Chunk.Batch batch : chunk.batches()) {
                if (!chunk.isUrgent()) {
                    // Never within a batch: what is held of it would wait for the rest of it, and the rest for room.
                    fetched.awaitRoom();
                }
                for (int slot = batch.from(); slot < batch.to(); slot++) {
                    begin(batch, slot);
                    begun++;
                }
            }
        } catch (RuntimeException | Error e) {
            chunk.breakOff(e);
            completeFrom(begun, chunk);
        }
    }

    private void begin(Chunk.Batch batch, int slot) throws InterruptedException {
        slots.acquire();
        try {
            threads.newThread(() -> bring(batch, slot)).start();
        } catch (RuntimeException | Error e) {
            slots.release();
            throw e;
        }
    }

    /// Completes the batches of a chunk without the bytes of the slots whose fetch was not begun.
    private void completeFrom(int firstSlot, Chunk chunk) {
        for (Chunk.Batch batch : chunk.batches()) {
            for (int slot = Math.max(firstSlot, batch.from()); slot < batch.to(); slot++) {
                complete(batch);
            }
        }
    }

    private void bring(Chunk.Batch batch, int slot) {
        try {
            bring(batch.chunk(), slot);
        } catch (InterruptedException e) {
            return;
        } catch (RuntimeException | Error e) {
            batch.chunk().breakOff(e);
        } finally {
            slots.release();
        }
        complete(batch);
    }

    /// Notes that a slot of a batch has all that it will get.
    private void complete(Chunk.Batch batch) {
        if (!batch.fetched()) {
            return;
        }
        if (batch.chunk().isUrgent()) {
            ready.addFirst(batch);
        } else {
            ready.addLast(batch);
        }
    }

    private void bring(Chunk chunk, int slot) throws InterruptedException {
        String imageId = chunk.imageId(slot);
        Backoff backoff = new Backoff();
        while (!stopped) {
            if (chunk.fault() != null) {
                return;
            }
            try {
                byte[] file = store.read(ObjectKeys.image(imageId), MAX_FILE_SIZE_BYTES);
                fetched.add(file.length);
                chunk.put(slot, file);
                return;
            } catch (ObjectNotFoundException e) {
                chunk.fail(slot, Failure.Reason.NOT_STORED, "The object store does not have the picture.");
                return;
            } catch (ObjectTooLargeException e) {
                chunk.fail(slot, Failure.Reason.UNDECODABLE, "The file is too large.");
                return;
            } catch (RuntimeException e) {
                if (!PassingFaults.isBackendAway(e)) {
                    throw e;
                }
                LOG.warnf("Image waits imageId=%s reason=%s", imageId, e);
                backoff.pause();
            }
        }
        throw new InterruptedException("the service stops");
    }

    /// Lets threads that wait for the object store end; their batches stay incomplete.
    void stop() {
        stopped = true;
    }
}

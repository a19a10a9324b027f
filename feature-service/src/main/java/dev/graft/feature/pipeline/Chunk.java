package dev.graft.feature.pipeline;

import dev.graft.feature.embedding.Failure;
import dev.graft.feature.embedding.Segment;
import dev.graft.feature.extractor.ExtractorPool;
import dev.graft.feature.extractor.OpenExtractor;
import dev.graft.feature.queue.Claim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The images of one claim on their way to a segment.
///
/// Every image has a slot, which first holds its bytes and then its vector or its failure. A slot belongs to one
/// thread at a time; handing a batch to another thread goes through a queue, which makes its slots visible.
final class Chunk {
    private final Claim claim;
    private final ExtractorPool.Loan loan;
    private final byte[] @Nullable [] files;
    private final float[] vectors;
    private final @Nullable Failure[] failures;
    private final List<Batch> batches;
    private final AtomicInteger unfinishedBatches;
    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
    private final AtomicLong computeNanos = new AtomicLong();

    /// Prepares a chunk of equal batches.
    ///
    /// @param loan      closed with the chunk
    /// @param batchSize the most images of a batch; fewer where the network takes fewer together
    /// @param threads   how many threads share the work: no fewer batches, where there are images enough
    Chunk(Claim claim, ExtractorPool.Loan loan, int batchSize, int threads) {
        int images = claim.imageIds().size();
        this.claim = claim;
        this.loan = loan;
        this.files = new byte[images][];
        this.vectors = new float[Math.multiplyExact(images, dimension())];
        this.failures = new Failure[images];
        this.batches = split(images, Math.min(batchSize, extractor().maxBatch()), threads);
        this.unfinishedBatches = new AtomicInteger(batches.size());
    }

    private List<Batch> split(int images, int batchSize, int threads) {
        int count = Math.max(Math.ceilDiv(images, batchSize), Math.min(images, threads));
        List<Batch> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) images * i / count);
            int to = (int) ((long) images * (i + 1) / count);
            parts.add(new Batch(this, from, to, new AtomicInteger(to - from)));
        }
        return List.copyOf(parts);
    }

    Claim claim() {
        return claim;
    }

    /// Returns whether it comes before what waits.
    boolean isUrgent() {
        return claim.reason() == Claim.Reason.URGENT;
    }

    OpenExtractor extractor() {
        return loan.extractor();
    }

    List<Batch> batches() {
        return batches;
    }

    int images() {
        return files.length;
    }

    String imageId(int slot) {
        return claim.imageIds().get(slot);
    }

    void put(int slot, byte[] file) {
        files[slot] = file;
    }

    /// Gives the bytes of an image and lets go of them; null when there are none, because fetching failed.
    byte @Nullable [] take(int slot) {
        byte[] file = files[slot];
        files[slot] = null;
        return file;
    }

    void fail(int slot, Failure.Reason reason, String detail) {
        failures[slot] = new Failure(imageId(slot), reason, detail);
    }

    /// Keeps a vector.
    ///
    /// @param from float32 [rows, dimension]
    void keep(int slot, float[] from, int row) {
        System.arraycopy(from, row * dimension(), vectors, slot * dimension(), dimension());
    }

    /// Notes that something broke off the work on this chunk: no more of it is computed, and nothing is committed. The
    /// first fault is kept. Its batches are finished all the same, so that nobody works on it when it ends.
    void breakOff(Throwable thrown) {
        boolean unused = fault.compareAndSet(null, thrown);
    }

    /// Gives what broke off the work on this chunk; null when nothing did.
    @Nullable
    Throwable fault() {
        return fault.get();
    }

    /// Notes that a batch is done, computed or not.
    ///
    /// @return whether it was the last
    boolean finishBatch(long elapsedNanos) {
        computeNanos.addAndGet(elapsedNanos);
        return unfinishedBatches.decrementAndGet() == 0;
    }

    /// Gives the time that threads have spent on this chunk, added up.
    long computeNanos() {
        return computeNanos.get();
    }

    List<Failure> failures() {
        List<Failure> found = new ArrayList<>();
        for (Failure failure : failures) {
            if (failure != null) {
                found.add(failure);
            }
        }
        return found;
    }

    /// Gathers the vectors; null when every image failed.
    @Nullable
    Segment segment() {
        List<String> imageIds = new ArrayList<>(images());
        int rows = 0;
        for (int slot = 0; slot < images(); slot++) {
            if (failures[slot] == null) {
                System.arraycopy(vectors, slot * dimension(), vectors, rows * dimension(), dimension());
                imageIds.add(imageId(slot));
                rows++;
            }
        }
        return rows == 0
                ? null
                : new Segment(UUID.randomUUID(), imageIds, dimension(), Arrays.copyOf(vectors, rows * dimension()));
    }

    void close() {
        loan.close();
    }

    private int dimension() {
        return loan.extractor().known().dimension();
    }

    /// Some neighbouring slots of a chunk, which go through the network together.
    ///
    /// @param missing how many of its slots are still to be fetched
    record Batch(Chunk chunk, int from, int to, AtomicInteger missing) {
        /// Notes that a slot has its bytes, or never will.
        ///
        /// @return whether it was the last
        boolean fetched() {
            return missing.decrementAndGet() == 0;
        }

        int images() {
            return to - from;
        }
    }
}

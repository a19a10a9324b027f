package dev.graft.feature.pipeline;

import dev.graft.feature.embedding.Failure;
import dev.graft.feature.extractor.OpenExtractor;
import dev.graft.networks.inference.InferenceException;
import dev.graft.networks.inference.NativeBuffers;
import dev.graft.networks.inference.NonFiniteFeaturesException;
import dev.graft.vision.DecoderBusyException;
import dev.graft.vision.UndecodableImageException;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.jboss.logging.Logger;

/// Turns the bytes of a batch into vectors, with buffers that are used again and again. For one thread.
final class BatchComputation implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(BatchComputation.class);

    /// How long an image waits for memory, which others give back within seconds.
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final FetchedBytes fetched;
    private final NativeBuffers buffers;
    private byte[] prepared = {};

    /// Prepares a computation.
    ///
    /// @param batchSize how many images of a usual size make a batch
    BatchComputation(FetchedBytes fetched, int batchSize) {
        this.fetched = fetched;
        this.buffers = new NativeBuffers(batchSize);
    }

    /// Computes every slot of the batch: afterwards each has a vector or a failure. Never throws for a bad image.
    ///
    /// Whatever it throws, the bytes of the batch count as fetched no more. That is all it does for a chunk that is
    /// broken off.
    ///
    /// @throws DecoderBusyException when others used the memory for decoding all the while
    void compute(Chunk.Batch batch) {
        try {
            if (batch.chunk().fault() == null) {
                OpenExtractor extractor = batch.chunk().extractor();
                int floats = Math.multiplyExact(batch.images(), extractor.floatsPerImage());
                int unused = buffers.lend(floats, target -> compute(batch, target));
            }
        } finally {
            letGo(batch);
        }
    }

    /// Lets go of the bytes that were not decoded.
    private void letGo(Chunk.Batch batch) {
        for (int slot = batch.from(); slot < batch.to(); slot++) {
            byte[] file = batch.chunk().take(slot);
            if (file != null) {
                fetched.add(-file.length);
            }
        }
    }

    /// @return how many images went into the network
    private int compute(Chunk.Batch batch, FloatBuffer target) {
        Chunk chunk = batch.chunk();
        int[] slots = new int[batch.images()];
        int rows = 0;
        for (int slot = batch.from(); slot < batch.to(); slot++) {
            if (prepare(chunk, slot, target)) {
                slots[rows++] = slot;
            }
        }
        if (rows > 0) {
            embed(chunk, Arrays.copyOf(slots, rows), target.flip());
        }
        return rows;
    }

    private boolean prepare(Chunk chunk, int slot, FloatBuffer target) {
        byte[] file = chunk.take(slot);
        if (file == null) {
            return false;
        }
        var preprocessor = chunk.extractor().preprocessor();
        if (prepared.length < preprocessor.sizeBytes()) {
            prepared = new byte[preprocessor.sizeBytes()];
        }
        try {
            preprocessor.waiting(PATIENCE).read(file, prepared, 0);
            preprocessor.normalise(prepared, 0, target);
            return true;
        } catch (UndecodableImageException e) {
            Failure.Reason reason = e.isForGood() ? Failure.Reason.UNDECODABLE : Failure.Reason.NOT_COMPUTABLE;
            chunk.fail(slot, reason, String.valueOf(e.getMessage()));
            return false;
        } catch (DecoderBusyException e) {
            throw e;
        } catch (RuntimeException e) {
            // A decoder that stumbles must not stop the images beside this one.
            LOG.errorf(e, "Decoder failed imageId=%s sizeBytes=%d", chunk.imageId(slot), file.length);
            chunk.fail(slot, Failure.Reason.NOT_COMPUTABLE, "The decoder stumbled over the picture.");
            return false;
        } finally {
            fetched.add(-file.length);
        }
    }

    private static void embed(Chunk chunk, int[] slots, FloatBuffer images) {
        try {
            float[] vectors = chunk.extractor().embed(images);
            for (int row = 0; row < slots.length; row++) {
                chunk.keep(slots[row], vectors, row);
            }
        } catch (InferenceException | NonFiniteFeaturesException e) {
            LOG.errorf(
                    e,
                    "Network failed backbone=%s images=%d",
                    chunk.extractor().known().backbone(),
                    slots.length);
            embedOneByOne(chunk, slots, images);
        }
    }

    /// Finds out which images of a batch the network cannot take; the others get their vectors.
    private static void embedOneByOne(Chunk chunk, int[] slots, FloatBuffer images) {
        int size = chunk.extractor().floatsPerImage();
        for (int row = 0; row < slots.length; row++) {
            try {
                chunk.keep(slots[row], chunk.extractor().embed(images.slice(row * size, size)), 0);
            } catch (InferenceException e) {
                chunk.fail(slots[row], Failure.Reason.NOT_COMPUTABLE, "The network gives no result for the picture.");
            } catch (NonFiniteFeaturesException e) {
                chunk.fail(
                        slots[row],
                        Failure.Reason.NOT_COMPUTABLE,
                        "There is no embedding: %s.".formatted(e.getMessage()));
            }
        }
    }

    @Override
    public void close() {
        buffers.close();
    }
}

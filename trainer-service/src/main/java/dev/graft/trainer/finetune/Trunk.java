package dev.graft.trainer.finetune;

import dev.graft.networks.inference.EmbeddingEngine;
import dev.graft.networks.inference.NativeBuffers;
import dev.graft.networks.inference.PassMemory;
import dev.graft.networks.network.Network;
import dev.graft.networks.weights.Weights;
import dev.graft.pytorch.engine.EngineChoice;
import dev.graft.trainer.head.Workers;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The frozen part of a network below the one that is tuned, on the engine of the device: from images to
/// what the tunable part takes. Where nothing is frozen below, that is the normalised image. Native memory
/// is freed by [#close]. Safe for use by several threads at once.
final class Trunk implements AutoCloseable {
    /// Even, for two images that are mixed pass together.
    private static final int BATCH = 16;

    /// Batches of each thread between two reports of progress.
    private static final int BATCHES_BETWEEN_REPORTS = 2;

    private final InputReader reader;
    private final @Nullable EmbeddingEngine engine;
    private final NativeBuffers buffers = new NativeBuffers(BATCH);
    private final int parallelism;

    private Trunk(InputReader reader, @Nullable EmbeddingEngine engine, int parallelism) {
        this.reader = reader;
        this.engine = engine;
        this.parallelism = parallelism;
    }

    /// Loads a trunk.
    ///
    /// @param reader of images
    /// @param trunk the frozen part, whose result is one row; absent when there is none
    /// @param weights its weights, needed only during this call
    /// @param choice where it is computed
    /// @param nativeBytes memory outside the heap that it may take; fewer images are computed at a time where
    ///     all do not fit. Memory of a CUDA device does not count
    static Trunk of(
            InputReader reader,
            Optional<Network> trunk,
            Weights weights,
            EngineChoice choice,
            int parallelism,
            long nativeBytes) {
        EmbeddingEngine engine = trunk.map(network -> load(network, weights, choice, parallelism, nativeBytes))
                .orElse(null);
        return new Trunk(reader, engine, parallelism);
    }

    /// @throws IllegalArgumentException when one image takes more than the memory
    private static EmbeddingEngine load(
            Network network, Weights weights, EngineChoice choice, int parallelism, long nativeBytes) {
        if (!choice.computesOnCpu()) {
            return choice.load(network, weights, parallelism, BATCH);
        }
        PassMemory.Plan plan = PassMemory.plan(network, nativeBytes, BATCH, parallelism)
                .orElseThrow(() -> new IllegalArgumentException(
                        "one image in %s takes more than %,d bytes".formatted(network.name(), nativeBytes)));
        return choice.load(network, weights, plan.parallelism(), plan.batch());
    }

    /// Computes the rows of images.
    ///
    /// @param file where they lie
    /// @param progress receives how many are done, on the calling thread
    /// @return rows, which the caller closes
    /// @throws UnusableImageException when an image is gone or cannot be decoded
    /// @throws java.util.concurrent.CancellationException when the calling thread is interrupted
    Rows rows(List<String> imageIds, Path file, IntConsumer progress) {
        Rows half = Rows.create(file, imageIds.size(), floatsPerRow(), true);
        try {
            if (fill(half, true, imageIds, progress)) {
                return half;
            }
        } catch (RuntimeException | Error e) {
            half.close();
            throw e;
        }
        half.close();
        Rows whole = Rows.create(file, imageIds.size(), floatsPerRow(), false);
        try {
            boolean unused = fill(whole, false, imageIds, progress);
            return whole;
        } catch (RuntimeException | Error e) {
            whole.close();
            throw e;
        }
    }

    /// Returns the number of floats of a row.
    int floatsPerRow() {
        return engine == null ? reader.floatsPerImage() : engine.dimension();
    }

    /// @return whether all numbers have kept their size; without that, the rows are not complete
    private boolean fill(Rows rows, boolean half, List<String> imageIds, IntConsumer progress) {
        AtomicBoolean fit = new AtomicBoolean(true);
        forEachBatch(
                imageIds,
                (first, numbers) -> {
                    if (half && !Rows.fitHalf(numbers)) {
                        fit.set(false);
                    } else {
                        rows.write(first, numbers);
                    }
                },
                progress);
        return fit.get();
    }

    /// Receives what the trunk gives for some images, on any thread.
    interface BatchReceiver {
        /// @param first index of the first of the images
        /// @param numbers float32 `[images, floats of a row]`
        void accept(int first, float[] numbers);
    }

    /// Computes what the trunk gives for images, batch by batch.
    ///
    /// @param progress receives how many are done, on the calling thread
    /// @throws UnusableImageException when an image is gone or cannot be decoded
    /// @throws java.util.concurrent.CancellationException when the calling thread is interrupted
    void forEachBatch(List<String> imageIds, BatchReceiver receiver, IntConsumer progress) {
        int batches = Math.ceilDiv(imageIds.size(), BATCH);
        int slice = parallelism * BATCHES_BETWEEN_REPORTS;
        for (int begun = 0; begun < batches; begun += slice) {
            int first = begun;
            Workers.sideBySide(parallelism).forEach(Math.min(slice, batches - begun), (_, index) -> {
                int from = (first + index) * BATCH;
                int to = Math.min(imageIds.size(), from + BATCH);
                receiver.accept(from, compute(from, imageIds.subList(from, to)));
            });
            progress.accept(Math.min(imageIds.size(), (begun + slice) * BATCH));
        }
    }

    private float[] compute(int first, List<String> imageIds) {
        return buffers.lend(imageIds.size() * reader.floatsPerImage(), images -> {
            reader.read(first, imageIds, images);
            images.flip();
            return engine == null ? copy(images) : engine.embed(images);
        });
    }

    private static float[] copy(FloatBuffer numbers) {
        float[] copy = new float[numbers.remaining()];
        numbers.get(copy);
        return copy;
    }

    @Override
    public void close() {
        if (engine != null) {
            engine.close();
        }
        buffers.close();
    }
}

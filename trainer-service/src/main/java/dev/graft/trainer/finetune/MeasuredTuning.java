package dev.graft.trainer.finetune;

import dev.graft.networks.training.Loss;
import dev.graft.networks.training.Targets;
import dev.graft.networks.weights.Weights;
import dev.graft.pytorch.ComputeDevice;
import dev.graft.pytorch.engine.EngineChoice;
import dev.graft.pytorch.training.Descent;
import dev.graft.pytorch.training.FineTuner;
import dev.graft.pytorch.training.TuningSettings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// Trains a tunable part on images that are in memory, with what [FineTuning] and [Tuning] use, to measure
/// how long that takes on the CPU. For one thread, which made it.
public final class MeasuredTuning implements AutoCloseable {
    private static final EngineChoice CPU = new EngineChoice(EngineChoice.Kind.AUTO, new ComputeDevice.Cpu());

    private final TunablePart part;
    private final Weights weights;
    private final PixelReader images;
    private final int count;
    private final int parallelism;
    private final Path file;
    private final FineTuner tuner;
    private Rows rows;

    private MeasuredTuning(
            TunablePart part,
            Weights weights,
            PixelReader images,
            int count,
            int parallelism,
            Path file,
            FineTuner tuner) {
        this.part = part;
        this.weights = weights;
        this.images = images;
        this.count = count;
        this.parallelism = parallelism;
        this.file = file;
        this.tuner = tuner;
        this.rows = passed();
    }

    /// Begins a training, and passes all images through the trunk.
    ///
    /// @param weights the backbone's, and those of the head's layers by the names that they have in the
    ///     part; open until this is closed
    /// @param pixels float32 `[images, 3, size, size]`, normalised, in native byte order; readable until
    ///     this is closed
    /// @param floatsPerImage numbers of an image
    /// @param descent the rule by which parameters are moved
    /// @param parallelism threads
    /// @param file where rows wait; removed when this is closed
    public static MeasuredTuning of(
            TunablePart part,
            Weights weights,
            MemorySegment pixels,
            int floatsPerImage,
            Descent descent,
            int parallelism,
            Path file) {
        TuningSettings settings = new TuningSettings(
                new Loss(Loss.Output.SOFTMAX, 0),
                descent,
                Optional.empty(),
                OptionalDouble.empty(),
                Map.of(),
                FineTuning.MICRO_BATCH,
                parallelism,
                false);
        FineTuner tuner = FineTuner.of(part.upper(), weights, part.trained(), settings, CPU.device());
        try {
            PixelReader images = new PixelReader(pixels, floatsPerImage);
            int count = Math.toIntExact(pixels.byteSize() / Float.BYTES / floatsPerImage);
            return new MeasuredTuning(part, weights, images, count, parallelism, file, tuner);
        } catch (RuntimeException | Error e) {
            tuner.close();
            throw e;
        }
    }

    /// Loads the trunk and passes all images through it once more, as is done before the first epoch.
    public void passTrunk() {
        rows.close();
        rows = passed();
    }

    private Rows passed() {
        try (Trunk trunk = Trunk.of(images, part.trunk(), weights, CPU, parallelism, Long.MAX_VALUE)) {
            return trunk.rows(
                    IntStream.range(0, count).mapToObj(String::valueOf).toList(), file, _ -> {});
        }
    }

    /// Trains one step.
    ///
    /// @param batch indices of images
    /// @param targets what they are to be
    /// @return the loss of the batch before the step
    public double step(int[] batch, Targets targets, double rate) {
        try (Arena arena = Arena.ofConfined()) {
            FloatBuffer inputs = arena.allocate(ValueLayout.JAVA_FLOAT, (long) batch.length * rows.floats())
                    .asByteBuffer()
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
            rows.read(batch, inputs);
            return tuner.step(inputs, targets, rate);
        }
    }

    @Override
    public void close() {
        rows.close();
        tuner.close();
    }

    /// Reads images by their place in memory, whatever their names.
    private record PixelReader(MemorySegment pixels, int floatsPerImage) implements InputReader {
        @Override
        public void read(int first, List<String> imageIds, FloatBuffer inputs) {
            long perImage = (long) floatsPerImage * Float.BYTES;
            inputs.put(pixels.asSlice(first * perImage, imageIds.size() * perImage)
                    .asByteBuffer()
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer());
        }
    }
}

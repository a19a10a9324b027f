package dev.graft.feature.extractor;

import dev.graft.feature.EmbeddingConfig;
import dev.graft.networks.inference.EmbeddingEngine;
import dev.graft.testkit.Png;
import dev.graft.vision.DecodeBudget;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.ImageDecoder;
import dev.graft.vision.Preprocessor;
import dev.graft.vision.UndecodableImageException;
import dev.graft.weightstore.WeightStore;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.awt.image.BufferedImage;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Opens networks as usual, but for some input sizes of which each has a fault of its own.
@Alternative
@Singleton
public class FaultyOpener extends ExtractorOpener {
    /// The input size at which there is no memory to decode any image.
    public static final int NARROW_PIXELS = 320;

    /// The input size at which a class of the engine is missing.
    public static final int UNLINKED_PIXELS = 352;

    /// The input size at which an image of one colour overflows the stack.
    public static final int OVERFLOWING_PIXELS = 384;

    /// The input size at which the decoder is busy for the first batches.
    public static final int BUSY_PIXELS = 416;

    /// How many batches find the decoder busy: more than an image has attempts.
    public static final int BUSY_BATCHES = 5;

    /// The input size at which each batch waits for [#letPass].
    public static final int WAITING_PIXELS = 512;

    private static final int COMPARED_FLOATS = 1_000;

    private final AtomicInteger busyBatches = new AtomicInteger();
    private final AtomicInteger waitingBatches = new AtomicInteger();
    private final CountDownLatch pass = new CountDownLatch(1);

    FaultyOpener(
            @ConfigProperty(name = "graft.engine", defaultValue = "auto") String engine,
            @ConfigProperty(name = "graft.device", defaultValue = "auto") String device,
            WeightStore weights,
            EmbeddingConfig config) {
        super(engine, device, weights, config);
    }

    /// Returns how many batches found the decoder busy.
    public int busyBatches() {
        return busyBatches.get();
    }

    /// Returns how many batches have waited.
    public int waitingBatches() {
        return waitingBatches.get();
    }

    /// Lets all batches pass, those that wait and those that come.
    public void letPass() {
        pass.countDown();
    }

    @Override
    public OpenExtractor open(KnownExtractor extractor) {
        if (extractor.inputSizePixels() == UNLINKED_PIXELS) {
            throw new NoClassDefFoundError("a class of the engine");
        }
        OpenExtractor sound = super.open(extractor);
        return switch (extractor.inputSizePixels()) {
            case OVERFLOWING_PIXELS -> faulty(sound, images -> overflow(sound, images));
            case NARROW_PIXELS -> narrow(sound);
            case BUSY_PIXELS -> faulty(sound, images -> findDecoderBusy(sound.preprocessor()));
            case WAITING_PIXELS -> faulty(sound, images -> awaitPass());
            default -> sound;
        };
    }

    private static OpenExtractor narrow(OpenExtractor sound) {
        ImageDecoder decoder = new ImageDecoder(DecodeLimits.STANDARD, new DecodeBudget(1 << 10), Duration.ZERO);
        Preprocessor preprocessor = new Preprocessor(sound.preprocessor().preprocessing(), decoder);
        return new OpenExtractor(sound.known(), preprocessor, new FaultyEngine(sound, images -> {}));
    }

    private static OpenExtractor faulty(OpenExtractor sound, Consumer<FloatBuffer> fault) {
        return new OpenExtractor(sound.known(), sound.preprocessor(), new FaultyEngine(sound, fault));
    }

    private static void overflow(OpenExtractor sound, FloatBuffer images) {
        for (int from = images.position(); from < images.limit(); from += sound.floatsPerImage()) {
            float first = images.get(from);
            int equal = 1;
            while (equal < COMPARED_FLOATS && images.get(from + equal) == first) {
                equal++;
            }
            if (equal == COMPARED_FLOATS) {
                throw new StackOverflowError("an image of one colour");
            }
        }
    }

    private void awaitPass() {
        waitingBatches.incrementAndGet();
        try {
            pass.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /// Who is interrupted does not wait for memory: the decoder says that it is busy.
    private void findDecoderBusy(Preprocessor preprocessor) {
        if (busyBatches.get() == BUSY_BATCHES) {
            return;
        }
        busyBatches.incrementAndGet();
        Thread.currentThread().interrupt();
        try {
            byte[] unused = preprocessor.read(image());
        } catch (UndecodableImageException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            boolean unused = Thread.interrupted();
        }
    }

    private static byte[] image() {
        return Png.of(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB));
    }

    private record FaultyEngine(OpenExtractor sound, Consumer<FloatBuffer> fault) implements EmbeddingEngine {
        @Override
        public int inputSize() {
            return sound.known().inputSizePixels();
        }

        @Override
        public int dimension() {
            return sound.known().dimension();
        }

        @Override
        public int parallelism() {
            return 1;
        }

        @Override
        public int maxBatch() {
            return sound.maxBatch();
        }

        @Override
        public float[] embed(FloatBuffer images) {
            fault.accept(images);
            return sound.embed(images);
        }

        @Override
        public void close() {
            sound.close();
        }
    }
}

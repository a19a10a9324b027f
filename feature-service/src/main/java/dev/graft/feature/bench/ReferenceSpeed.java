package dev.graft.feature.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.inference.EmbeddingEngine;
import dev.graft.networks.network.Network;
import dev.graft.networks.weights.BundledWeights;
import dev.graft.networks.weights.Safetensors;
import dev.graft.pytorch.engine.EngineChoice;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.ImageFormat;
import dev.graft.vision.Preprocessor;
import dev.graft.vision.UndecodableImageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// Measures decoding alone (with resizing and normalising) and the forward pass alone, in turns, on the
/// images of a folder, and prints one JSON object: images a second of each, and of both one after the other
/// on the same threads.
///
/// ```
/// java -cp 'feature-service/target/quarkus-app/lib/main/*:feature-service/target/quarkus-app/app/*' \
///     dev.graft.feature.bench.ReferenceSpeed FOLDER [THREADS [BATCH_SIZE [BACKBONE]]]
/// ```
public final class ReferenceSpeed {
    private static final int MAX_IMAGES = 500;
    private static final int ROUNDS = 4;
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration ROUND = Duration.ofSeconds(3);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final int threads;
    private final int batchSize;
    private final Backbone backbone;
    private final List<byte[]> files;
    private final Preprocessor preprocessor;

    /// What is printed.
    ///
    /// @param decodePerSecond   images from bytes in memory to normalised pixels
    /// @param forwardPerSecond  images through the network
    /// @param togetherPerSecond what both allow, one after the other on the same threads:
    ///     1 / (1/decode + 1/forward)
    /// @param decodeCpuMillis   processor time of decoding one image, which other processes disturb less
    /// @param forwardCpuMillis  processor time of one image in the network
    public record ReferenceSpeedView(
            String backbone,
            int images,
            int threads,
            int batchSize,
            double decodePerSecond,
            double forwardPerSecond,
            double togetherPerSecond,
            double decodeCpuMillis,
            double forwardCpuMillis) {}

    private ReferenceSpeed(Path folder, int threads, int batchSize, Backbone backbone) throws IOException {
        this.threads = threads;
        this.batchSize = batchSize;
        this.backbone = backbone;
        this.preprocessor = new Preprocessor(backbone.preprocessing(), DecodeLimits.STANDARD);
        this.files = images(folder);
    }

    /// Runs the measurement.
    ///
    /// @throws Exception when the folder holds no images, or a measurement fails
    @SuppressWarnings("SystemOut") // This is a command; its answer is its output.
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            System.err.println("usage: ReferenceSpeed FOLDER [THREADS [BATCH_SIZE [BACKBONE]]]");
            System.exit(2);
        }
        int threads = arguments.length > 1
                ? Integer.parseInt(arguments[1])
                : Runtime.getRuntime().availableProcessors();
        int batchSize = arguments.length > 2 ? Integer.parseInt(arguments[2]) : EngineChoice.AUTO.fastBatch();
        Catalogue catalogue = Catalogue.standard();
        Backbone backbone = arguments.length > 3 ? catalogue.get(arguments[3]) : catalogue.defaultBackbone();
        ReferenceSpeed speed = new ReferenceSpeed(Path.of(arguments[0]), threads, batchSize, backbone);
        System.out.println(json(speed.measure()));
    }

    private static String json(ReferenceSpeedView view) throws JsonProcessingException {
        return new ObjectMapper().writeValueAsString(view);
    }

    private ReferenceSpeedView measure() throws Exception {
        Network network = backbone.network().upTo(backbone.defaultLayer());
        Path cache = Path.of(System.getProperty("java.io.tmpdir"), "graft-weights");
        try (Safetensors weights = new BundledWeights(cache)
                        .open(backbone.name(), backbone.sha256().orElseThrow());
                EmbeddingEngine engine = EngineChoice.AUTO.load(network, weights, threads, batchSize);
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            Speed decode = new Speed();
            Speed forward = new Speed();
            run(pool, WARM_UP, new Speed(), this::decodeBatch);
            run(pool, WARM_UP, new Speed(), (buffer, next) -> forwardBatch(engine, buffer));
            for (int round = 0; round < ROUNDS; round++) {
                run(pool, ROUND, decode, this::decodeBatch);
                run(pool, ROUND, forward, (buffer, next) -> forwardBatch(engine, buffer));
            }
            double together = 1 / (1 / decode.perSecond() + 1 / forward.perSecond());
            return new ReferenceSpeedView(
                    backbone.name(),
                    files.size(),
                    threads,
                    batchSize,
                    rounded(decode.perSecond()),
                    rounded(forward.perSecond()),
                    rounded(together),
                    rounded(decode.cpuMillis()),
                    rounded(forward.cpuMillis()));
        }
    }

    private interface Batch {
        int run(FloatBuffer buffer, AtomicInteger next) throws UndecodableImageException;
    }

    /// Adds up what several rounds did.
    private static final class Speed {
        private long images;
        private long cpuNanos;
        private double seconds;

        double perSecond() {
            return images / seconds;
        }

        double cpuMillis() {
            return cpuNanos / 1e6 / images;
        }

        synchronized void add(long moreImages, long moreCpuNanos) {
            images += moreImages;
            cpuNanos += moreCpuNanos;
        }
    }

    private void run(ExecutorService pool, Duration duration, Speed speed, Batch batch)
            throws InterruptedException, ExecutionException {
        AtomicInteger next = new AtomicInteger();
        long startedNanos = System.nanoTime();
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            running.add(pool.submit(() -> {
                FloatBuffer buffer = ByteBuffer.allocateDirect(batchSize * preprocessor.sizeBytes() * Float.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
                long startedCpuNanos = THREADS.getCurrentThreadCpuTime();
                long images = 0;
                while (System.nanoTime() - startedNanos < duration.toNanos()) {
                    images += batch.run(buffer.clear(), next);
                }
                speed.add(images, THREADS.getCurrentThreadCpuTime() - startedCpuNanos);
                return null;
            }));
        }
        for (Future<?> thread : running) {
            thread.get();
        }
        speed.seconds += (System.nanoTime() - startedNanos) / 1e9;
    }

    private int decodeBatch(FloatBuffer buffer, AtomicInteger next) throws UndecodableImageException {
        byte[] prepared = new byte[preprocessor.sizeBytes()];
        for (int i = 0; i < batchSize; i++) {
            byte[] file = files.get(Math.floorMod(next.getAndIncrement(), files.size()));
            preprocessor.read(file, prepared, 0);
            preprocessor.normalise(prepared, 0, buffer);
        }
        return batchSize;
    }

    private int forwardBatch(EmbeddingEngine engine, FloatBuffer buffer) {
        float[] unused = engine.embed(buffer);
        return batchSize;
    }

    private List<byte[]> images(Path folder) throws IOException {
        List<byte[]> found = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.filter(Files::isRegularFile)
                    .sorted()
                    .map(ReferenceSpeed::bytes)
                    .forEach(file -> {
                        if (found.size() < MAX_IMAGES && isWhole(file)) {
                            found.add(file);
                        }
                    });
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no pictures under " + folder);
        }
        return found;
    }

    private boolean isWhole(byte[] file) {
        try {
            return ImageFormat.sniff(file).isPresent() && preprocessor.read(file).length > 0;
        } catch (UndecodableImageException e) {
            return false;
        }
    }

    private static byte[] bytes(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }
}

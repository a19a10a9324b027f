package dev.graft.pytorch.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.networks.Backbone;
import dev.graft.networks.bench.MemoryCourse;
import dev.graft.networks.bench.MemoryTrial;
import dev.graft.networks.inference.EmbeddingEngine;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.TransferLayer;
import dev.graft.networks.quantisation.Quantisation;
import dev.graft.networks.weights.Weights;
import dev.graft.pytorch.engine.EngineChoice;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Watches the resident memory of its own process over many forward passes of one network in one engine, and
/// prints the [MemoryCourse] as one JSON object. [MemoryTrial] says how it is started.
///
/// ```
/// java OPTIONS -cp 'feature-service/target/quarkus-app/lib/main/*' \
///     dev.graft.pytorch.bench.BackboneMemory BACKBONE LAYER INPUT_SIZE ENGINE PRECISION PASSES
/// ```
public final class BackboneMemory {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int THREADS = 2;
    private static final int WARM_UP_PASSES = 200;

    private final EmbeddingEngine engine;
    private final int maxBatch;
    private final ExecutorService pool;
    private final float[] images;

    private BackboneMemory(EmbeddingEngine engine, int maxBatch, ExecutorService pool) {
        this.engine = engine;
        this.maxBatch = maxBatch;
        this.pool = pool;
        this.images = Turns.noise(new SplittableRandom(1), maxBatch * engine.floatsPerImage());
    }

    /// Runs the measurement.
    ///
    /// @throws Exception when the engine refuses the network, or a pass fails
    @SuppressWarnings("SystemOut") // This is a command; its answer is its output.
    public static void main(String[] arguments) throws Exception {
        System.out.println(JSON.writeValueAsString(measure(MemoryTrial.parse(List.of(arguments)))));
    }

    private static MemoryCourse measure(MemoryTrial trial) throws Exception {
        ResidentMemory memory = ResidentMemory.ofThisProcess();
        Backbone backbone = trial.weights();
        Network network = backbone.network().upTo(TransferLayer.parse(trial.layer()));
        EngineChoice choice = EngineChoice.parse(trial.engine(), "cpu");
        List<Long> residentBytes = new ArrayList<>();
        try (EmbeddingEngine engine = load(trial, choice, backbone, network);
                ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
            BackboneMemory passes = new BackboneMemory(engine, choice.fastBatch(), pool);
            // What loading has left behind would be freed at some later moment, and hide growth.
            System.gc();
            passes.make(WARM_UP_PASSES);
            residentBytes.add(memory.outsideHeapBytes());
            for (int quarter = 0; quarter < MemoryTrial.QUARTERS; quarter++) {
                passes.make(trial.passesPerQuarter());
                residentBytes.add(memory.outsideHeapBytes());
            }
        }
        return new MemoryCourse(
                trial, THREADS, choice.fastBatch(), network.sizeBytes(), memory.heapBytes(), residentBytes);
    }

    private static EmbeddingEngine load(MemoryTrial trial, EngineChoice choice, Backbone backbone, Network network) {
        Weights weights = RandomWeights.of(backbone.network());
        Optional<Quantisation> quantisation = trial.precision().equals(MemoryTrial.INT8)
                ? Optional.of(RandomRanges.of(backbone, weights, THREADS))
                : Optional.empty();
        return choice.load(network, weights, quantisation, THREADS, choice.fastBatch());
    }

    /// Makes passes on all threads, of 1, 2, … images in turn.
    private void make(int passes) throws InterruptedException, ExecutionException {
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            running.add(pool.submit(() -> {
                for (int pass = next.getAndIncrement(); pass < passes; pass = next.getAndIncrement()) {
                    int floats = (1 + pass % maxBatch) * engine.floatsPerImage();
                    float[] unused = engine.embed(FloatBuffer.wrap(images, 0, floats));
                }
            }));
        }
        for (Future<?> thread : running) {
            thread.get();
        }
    }
}

package dev.graft.predict.prediction;

import dev.graft.predict.model.ServedModel;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.vision.DecoderBusyException;
import dev.graft.vision.UndecodableImageException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// Predicts pictures with a model that the caller holds. The calling thread waits while others compute.
@Singleton
public class Predictor {
    /// From a small network in eight bits to a batch of large images.
    private static final Duration[] BUCKETS = Stream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final ComputeThreads threads;
    private final MeterRegistry metrics;

    Predictor(ComputeThreads threads, MeterRegistry metrics) {
        this.threads = threads;
        this.metrics = metrics;
    }

    /// Gives the file of a picture when its turn comes.
    @FunctionalInterface
    public interface ImageFile extends Callable<byte[]> {}

    /// Predicts one picture.
    ///
    /// @param file the whole file
    /// @param top  how many labels at most
    /// @throws ProblemException [ProblemType#TOO_BUSY] when the memory for decoding does not become free in time;
    ///     [ProblemType#WEIGHTS_INVALID] when the network gives numbers that are not finite
    public Prediction predict(ServedModel model, byte[] file, int top) {
        return ComputeThreads.await(threads.submit(() -> compute(model, file, top)));
    }

    /// Predicts pictures in their order, as many side by side as there are threads, so that a request of many neither
    /// waits in line for each nor keeps others out.
    ///
    /// @throws ProblemException as for a single picture
    public List<Prediction> predictAll(ServedModel model, List<? extends ImageFile> files, int top) {
        List<Prediction> predictions = new ArrayList<>(files.size());
        Queue<Future<Prediction>> underWay = new ArrayDeque<>();
        Iterator<? extends ImageFile> waiting = files.iterator();
        try {
            while (waiting.hasNext() || !underWay.isEmpty()) {
                while (waiting.hasNext() && underWay.size() < threads.count()) {
                    ImageFile file = waiting.next();
                    underWay.add(threads.submit(() -> compute(model, file.call(), top)));
                }
                predictions.add(ComputeThreads.await(underWay.remove()));
            }
            return predictions;
        } finally {
            // After a failure the rest must end before the caller lets go of the model.
            underWay.forEach(Predictor::settle);
        }
    }

    /// Computes the probabilities of prepared pictures.
    ///
    /// @param pixels uint8 [pictures, inputSize, inputSize, 3]
    /// @return float32 [pictures][labels]
    /// @throws ProblemException when these are not finite
    public float[][] classify(ServedModel model, byte[] pixels) {
        return ComputeThreads.await(threads.submit(() -> timed(model, pixels)));
    }

    private Prediction compute(ServedModel model, byte[] file, int top) {
        byte[] pixels;
        try {
            pixels = model.preprocessor().read(file);
        } catch (UndecodableImageException e) {
            count(model, "refused");
            return new Prediction.Refused(ImageProblems.of(e));
        } catch (DecoderBusyException e) {
            count(model, "busy");
            throw new ProblemException(ProblemType.TOO_BUSY, e.getMessage() + " Send the picture again.", e);
        }
        float[] probabilities = timed(model, pixels)[0];
        count(model, "predicted");
        return new Prediction.Made(TopLabels.of(probabilities, model.labels(), top));
    }

    private float[][] timed(ServedModel model, byte[] pixels) {
        Timer.Sample start = Timer.start(metrics);
        try {
            return requireFinite(model.classify(pixels));
        } finally {
            start.stop(Timer.builder("graft.predict.inference")
                    .description("Time to run a network, for one image or several")
                    .tag("model", model.name())
                    .serviceLevelObjectives(BUCKETS)
                    .register(metrics));
        }
    }

    /// Damaged weights give numbers that are none, and these are no answer.
    private static float[][] requireFinite(float[][] rows) {
        for (float[] row : rows) {
            for (float probability : row) {
                if (!Float.isFinite(probability)) {
                    throw new ProblemException(
                            ProblemType.WEIGHTS_INVALID,
                            "The network gives numbers that are not finite; its weights are damaged.");
                }
            }
        }
        return rows;
    }

    private void count(ServedModel model, String outcome) {
        Counter.builder("graft.predict.images")
                .description("Images that were asked about")
                .tag("model", model.name())
                .tag("outcome", outcome)
                .register(metrics)
                .increment();
    }

    private static void settle(Future<Prediction> future) {
        try {
            ComputeThreads.await(future);
        } catch (RuntimeException e) {
            // The first failure is the one that is reported.
        }
    }
}

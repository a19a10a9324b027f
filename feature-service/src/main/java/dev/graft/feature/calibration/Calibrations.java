package dev.graft.feature.calibration;

import dev.graft.contracts.ObjectKeys;
import dev.graft.feature.EmbeddingConfig;
import dev.graft.feature.extractor.NetworkMemory;
import dev.graft.networks.Backbone;
import dev.graft.networks.quantisation.ActivationRanges;
import dev.graft.networks.weights.Safetensors;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectTooLargeException;
import dev.graft.onnxruntime.Calibrator;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.DecoderBusyException;
import dev.graft.vision.Preprocessor;
import dev.graft.vision.UndecodableImageException;
import dev.graft.weightstore.WeightStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;

/// Looks at images through a network and keeps the ranges of its values beside the weights. What is not finished
/// leaves nothing behind. Blocks.
@ApplicationScoped
class Calibrations {
    private static final Logger LOG = Logger.getLogger(Calibrations.class);
    private static final int MAX_FILE_SIZE_BYTES = (int) DecodeLimits.STANDARD.maxFileSizeBytes();

    /// How long an image waits for memory, which others give back within seconds.
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final WeightStore weights;
    private final ObjectStore store;
    private final int threads;
    private final NetworkMemory memory;

    Calibrations(WeightStore weights, ObjectStore store, EmbeddingConfig config) {
        this.weights = weights;
        this.store = store;
        this.threads = config.computeThreads();
        this.memory = new NetworkMemory(config);
    }

    /// Finds how many images may be looked at side by side.
    ///
    /// @throws dev.graft.problem.ProblemException `SETTING_UNSUPPORTED` when one image takes more memory than
    ///     there is
    int parallelism(Backbone backbone) {
        return memory.plan(backbone, backbone.defaultLayer(), 1, threads).parallelism();
    }

    /// Receives the progress.
    interface Listener {
        /// Receives how many images were looked at, and how many of them could not be used.
        ///
        /// @return whether to go on
        boolean looked(int done, int skipped);
    }

    /// Makes and keeps the ranges of a weight set.
    ///
    /// @param source which images these are, in words
    /// @throws IllegalArgumentException when the network is not computed in eight bits, or no image can be used
    /// @throws InterruptedException when the listener did not want it to go on
    /// @throws IOException when the weights cannot be read now
    ActivationRanges make(Backbone backbone, List<String> imageIds, String source, Listener listener)
            throws IOException, InterruptedException {
        String sha256 = weights.sha256(backbone);
        try (Safetensors file = weights.open(backbone, sha256);
                Calibrator calibrator = Calibrator.load(backbone, file, parallelism(backbone))) {
            Preprocessor preprocessor =
                    new Preprocessor(backbone.preprocessing(), DecodeLimits.STANDARD).waiting(PATIENCE);
            int skipped = look(calibrator, preprocessor, imageIds, listener);
            if (skipped == imageIds.size()) {
                throw new IllegalArgumentException("none of the pictures can be used");
            }
            ActivationRanges ranges = calibrator.ranges(sha256, source);
            weights.putRanges(ranges);
            LOG.infof("Ranges made backbone=%s rangesSha256=%s", backbone.name(), ranges.digest());
            return ranges;
        }
    }

    private int look(Calibrator calibrator, Preprocessor preprocessor, List<String> imageIds, Listener listener)
            throws InterruptedException {
        int skipped = 0;
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Boolean>> looks = new ArrayList<>();
            imageIds.forEach(imageId -> looks.add(workers.submit(() -> add(calibrator, preprocessor, imageId))));
            for (int done = 1; done <= looks.size(); done++) {
                skipped += looks.get(done - 1).get() ? 0 : 1;
                if (!listener.looked(done, skipped)) {
                    throw new InterruptedException("nobody waits for the ranges");
                }
            }
            return skipped;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } finally {
            workers.shutdownNow();
            workers.close();
        }
    }

    private boolean add(Calibrator calibrator, Preprocessor preprocessor, String imageId) {
        Optional<float[]> image = read(imageId).flatMap(file -> prepare(preprocessor, imageId, file));
        image.ifPresent(calibrator::add);
        return image.isPresent();
    }

    private Optional<byte[]> read(String imageId) {
        try {
            return Optional.of(store.read(ObjectKeys.image(imageId), MAX_FILE_SIZE_BYTES));
        } catch (ObjectNotFoundException | ObjectTooLargeException e) {
            LOG.debugf(e, "Image skipped imageId=%s", imageId);
            return Optional.empty();
        }
    }

    /// Prepares an image: float32 [3, size, size], normalised; empty when the file gives none.
    private static Optional<float[]> prepare(Preprocessor preprocessor, String imageId, byte[] file) {
        int size = preprocessor.preprocessing().inputSizePixels();
        try {
            float[] image = new float[3 * size * size];
            preprocessor.normalise(preprocessor.read(file), 0, image, 0);
            return Optional.of(image);
        } catch (UndecodableImageException e) {
            LOG.debugf(e, "Image skipped imageId=%s", imageId);
            return Optional.empty();
        } catch (DecoderBusyException e) {
            throw e;
        } catch (RuntimeException e) {
            // A decoder that stumbles must not stop the images beside this one.
            LOG.errorf(e, "Decoder failed imageId=%s sizeBytes=%d", imageId, file.length);
            return Optional.empty();
        }
    }
}

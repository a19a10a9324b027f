package dev.graft.pytorch.bench;

import dev.graft.networks.Backbone;
import dev.graft.networks.quantisation.Quantisation;
import dev.graft.networks.weights.Weights;
import dev.graft.onnxruntime.Calibrator;
import java.util.SplittableRandom;

/// Finds the int8 ranges of untrained weights, in images of noise.
final class RandomRanges {
    private static final int IMAGES = 4;

    /// Stands for the weights, which are no file.
    private static final String NO_DIGEST = "0".repeat(64);

    private RandomRanges() {}

    /// Finds the same ranges for the same network every time.
    ///
    /// @param threads how many images may pass side by side
    /// @throws IllegalArgumentException when networks of this kind are not computed in eight bits
    static Quantisation of(Backbone backbone, Weights weights, int threads) {
        try (Calibrator calibrator = Calibrator.load(backbone, weights, threads)) {
            int size = backbone.preprocessing().inputSizePixels();
            for (int i = 0; i < IMAGES; i++) {
                calibrator.add(Turns.noise(new SplittableRandom(i), 3 * size * size));
            }
            return Quantisation.here(calibrator.ranges(NO_DIGEST, "noise"));
        }
    }
}

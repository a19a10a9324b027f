package dev.graft.contracts;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Map;

/// Describes the bundle of a model version to those that serve it: the part of the bundle's `model.json` that
/// readers rely on. The file says more (lineage, metrics), which readers ignore.
///
/// @param model         the model's name
/// @param version       its version, from 1
/// @param preprocessing how an image becomes the network's input
/// @param labels        the classes, in the order of the network's output
/// @param files         the other objects of the bundle, by name
/// @param selfTest      what the network must answer
@JsonIgnoreProperties(ignoreUnknown = true)
public record ModelCard(
        String model,
        int version,
        Preprocessing preprocessing,
        List<String> labels,
        Map<String, BundleFile> files,
        SelfTest selfTest) {

    /// The name of the file itself, in the bundle.
    public static final String FILE = "model.json";

    /// The name of the whole network: input `pixels`, uint8 [batch, height, width, 3] as the preprocessing gives them
    /// before normalisation; output `probabilities`, float32 [batch, classes].
    public static final String NETWORK = "model.onnx";

    /// The name of the weights of a backbone that was fine-tuned, a safetensors file with timm's tensor
    /// names; in the bundle of such a version only.
    public static final String BACKBONE = "backbone.safetensors";

    /// The largest `model.json` that is read.
    public static final int MAX_SIZE_BYTES = 8 << 20;

    public ModelCard {
        labels = List.copyOf(labels);
        files = Map.copyOf(files);
        if (labels.size() < 2) {
            throw new IllegalArgumentException("a model has at least two labels");
        }
    }

    /// The recipe from an image to the network's input.
    ///
    /// @param inputSize     side of the square input, in pixels
    /// @param cropFraction  the part of the resized image's short side that is kept
    /// @param interpolation `bilinear` or `bicubic`
    /// @param mean          of red, green and blue, of values between 0 and 1
    /// @param std           of red, green and blue
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Preprocessing(
            int inputSize, double cropFraction, String interpolation, List<Double> mean, List<Double> std) {
        public Preprocessing {
            mean = List.copyOf(mean);
            std = List.copyOf(std);
        }
    }

    /// An object of the bundle.
    ///
    /// @param sha256    of its bytes, lower-case hex
    /// @param sizeBytes of the whole object
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record BundleFile(String sha256, long sizeBytes) {
        public BundleFile {
            if (!sha256.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("not a SHA-256 in lower-case hex: " + sha256);
            }
        }
    }

    /// Images made by a formula, and what the network answered to them when it was trained. A reader that
    /// loads the network asks again before it serves.
    ///
    /// Byte i of the images, in the order [image, row, column, channel] and from 0, is the highest byte of
    /// x(i + 1), where x(0) is the seed and x(n + 1) = 6364136223846793005 x(n) + 1442695040888963407 modulo
    /// two to the power of 64.
    ///
    /// @param seed          where the formula begins
    /// @param probabilities for each image, one number per label
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record SelfTest(long seed, List<List<Double>> probabilities) {
        /// How far an answer may lie from the one remembered: another processor may round differently.
        public static final double TOLERANCE = 1e-4;

        private static final long MULTIPLIER = 6364136223846793005L;
        private static final long INCREMENT = 1442695040888963407L;
        private static final int CHANNELS = 3;

        public SelfTest {
            probabilities = probabilities.stream().map(List::copyOf).toList();
            if (probabilities.isEmpty()) {
                throw new IllegalArgumentException("a self-test has at least one picture");
            }
        }

        /// Makes the images: uint8 [images, inputSize, inputSize, 3].
        public byte[] pixels(int inputSize) {
            return pixels(seed, probabilities.size(), inputSize);
        }

        /// Makes images by the formula: uint8 [images, inputSize, inputSize, 3].
        public static byte[] pixels(long seed, int images, int inputSize) {
            byte[] pixels = new byte
                    [Math.multiplyExact(
                            Math.multiplyExact(images, CHANNELS), Math.multiplyExact(inputSize, inputSize))];
            long x = seed;
            for (int i = 0; i < pixels.length; i++) {
                x = x * MULTIPLIER + INCREMENT;
                pixels[i] = (byte) (x >>> 56);
            }
            return pixels;
        }
    }
}

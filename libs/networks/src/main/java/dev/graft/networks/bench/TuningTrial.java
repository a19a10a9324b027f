package dev.graft.networks.bench;

import java.util.List;

/// A fine-tuning whose epochs are timed. It lies as JSON in the file [#FILE] of a folder, which is made
/// before the contenders start, and in which they all find the same images, weights and rates.
///
/// Each contender is a process. It reads one request a line and writes one JSON object a line: first,
/// unasked, a [Ready]; then, for a JSON array of images, the [Turn] in which it has trained on them in that
/// order, batch by batch, each step going on where the one before ended. Graft's own contender comes first
/// and fills the folder; for the request [#TRUNK] it passes all images through what stays as it is.
///
/// @param backbone name of a weight set of the catalogue
/// @param architecture of the network, as timm has it
/// @param inputSize height and width of the images
/// @param stages what is trained, as a training run names it
/// @param images how many there are
/// @param classes how many classes; image `i` is of the class `i mod classes`
/// @param batchSize images in a step
/// @param threads how many a contender may use
/// @param learningRate of AdamW, the same in every step
/// @param weightDecay of AdamW
public record TuningTrial(
        String backbone,
        String architecture,
        int inputSize,
        List<String> stages,
        int images,
        int classes,
        int batchSize,
        int threads,
        double learningRate,
        double weightDecay) {
    /// Main class of the program of Graft's own contender and of the plain loop. Its arguments are [#OWN]
    /// or [#PLAIN], and the folder.
    public static final String PROGRAM = "dev.graft.trainer.bench.TuningSpeed";

    /// Graft's own contender.
    public static final String OWN = "graft";

    /// DJL's own loop over the whole network.
    public static final String PLAIN = "djl";

    /// The request to pass all images through the trunk.
    public static final String TRUNK = "trunk";

    /// This record.
    public static final String FILE = "trial.json";

    /// The images as the network takes them, float32 `[images, 3, size, size]` in little-endian order.
    public static final String PIXELS = "pixels.f32";

    /// The weights by their published names, and those of the head, safetensors.
    public static final String WEIGHTS = "weights.safetensors";

    /// A [Trained].
    public static final String TRAINED = "trained.json";

    /// Copies the stages and checks the numbers.
    public TuningTrial {
        stages = List.copyOf(stages);
        if (images < 1 || classes < 2 || batchSize < 1 || threads < 1) {
            throw new IllegalArgumentException("%d images of %d classes in batches of %d on %d threads are no trial"
                    .formatted(images, classes, batchSize, threads));
        }
    }

    /// What a contender trains.
    ///
    /// @param head name of the head's layer, whose `weight` and `bias` are among the weights
    /// @param names of the parameters that are trained, the head's among them
    public record Trained(String head, List<String> names) {
        /// Copies the names.
        public Trained {
            names = List.copyOf(names);
        }
    }

    /// Says that a contender waits for requests.
    ///
    /// @param parameters how many numbers are trained
    /// @param trunk whether something is computed once, and not in every epoch
    public record Ready(long parameters, boolean trunk) {}

    /// What a contender has done for a request.
    ///
    /// @param seconds how long it took
    /// @param losses of each step, before it
    public record Turn(double seconds, List<Double> losses) {
        /// Copies the losses.
        public Turn {
            losses = List.copyOf(losses);
        }
    }
}

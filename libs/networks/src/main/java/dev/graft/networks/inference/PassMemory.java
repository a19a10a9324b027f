package dev.graft.networks.inference;

import dev.graft.networks.folding.Folding;
import dev.graft.networks.folding.Folding.Folded;
import dev.graft.networks.network.Activation;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.Step;
import dev.graft.networks.network.TransformerOp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a network takes outside the heap while it is open and images pass through it in float32, estimated from
/// its description. The factors are those of the resident memory that ONNX Runtime was seen to take for eight
/// networks of the catalogue, which was between 0.7 and 1.3 times the estimate.
///
/// @param openBytes what the open network takes
/// @param imageBytes what one image in a pass takes
public record PassMemory(long openBytes, long imageBytes) {
    /// The weights, and what the C library keeps of what they took while they were loaded.
    private static final int COPIES_OF_WEIGHTS = 2;

    /// Memory of results grows in steps, and convolutions reorder what they read.
    private static final double BYTES_PER_LIVE_FLOAT = 1.5 * Float.BYTES;

    /// How many images pass together, and how many passes run side by side, so that all fit a bound.
    ///
    /// @param batch       images in a pass, at least 1, as engines take it: large ones count for more
    /// @param parallelism passes side by side, at least 1
    /// @param bytes       what the network and these images take
    public record Plan(int batch, int parallelism, long bytes) {}

    /// Estimates a network.
    ///
    /// @param network what gives one row of features
    public static PassMemory of(Network network) {
        long weights = network.parameters().stream()
                .mapToLong(parameter -> parameter.shape().elements())
                .sum();
        return new PassMemory(
                COPIES_OF_WEIGHTS * Float.BYTES * weights, (long) (BYTES_PER_LIVE_FLOAT * liveFloats(network)));
    }

    /// Says how a network is opened so that it fits a bound ([#within]).
    ///
    /// @param network     what gives one row of features
    /// @param maxBatch    the most images in a pass, as engines take it
    /// @param parallelism the most passes side by side
    /// @return empty when one image alone is too much
    public static Optional<Plan> plan(Network network, long boundBytes, int maxBatch, int parallelism) {
        // Of large images, engines take fewer by themselves.
        int together = Batches.of(network, maxBatch).maxBatch();
        return of(network)
                .within(boundBytes, together, parallelism)
                .map(plan -> plan.batch() < together ? plan : new Plan(maxBatch, plan.parallelism(), plan.bytes()));
    }

    /// Returns what the network and some images in passes at one time take.
    public long bytes(long images) {
        return openBytes + images * imageBytes;
    }

    /// Finds the largest passes that fit a bound. Where not all fit, fewer images pass together; where single
    /// ones do not fit side by side, fewer run side by side.
    ///
    /// @param boundBytes  what the network and all images may take
    /// @param maxBatch    the most images in a pass, at least 1
    /// @param parallelism the most passes side by side, at least 1
    /// @return empty when one image alone is too much
    public Optional<Plan> within(long boundBytes, int maxBatch, int parallelism) {
        long fitting = (boundBytes - openBytes) / imageBytes;
        if (boundBytes < openBytes || fitting < 1) {
            return Optional.empty();
        }
        int sideBySide = (int) Math.min(parallelism, fitting);
        int batch = (int) Math.min(maxBatch, fitting / sideBySide);
        return Optional.of(new Plan(batch, sideBySide, bytes((long) batch * sideBySide)));
    }

    /// Counts the results that are alive at one time, at most: each from its step to the last step that reads
    /// it. The image and its row are all the time.
    private static long liveFloats(Network network) {
        List<Folded> computed = Folding.of(network);
        Map<String, Integer> lastReader = new HashMap<>();
        for (int i = 0; i < computed.size(); i++) {
            for (String input : inputs(computed.get(i))) {
                lastReader.put(input, i);
            }
        }
        Map<String, Long> live = new HashMap<>();
        long most = 0;
        for (int i = 0; i < computed.size(); i++) {
            int now = i;
            Step step = step(computed.get(i));
            live.put(step.name(), step.outputShape().elements());
            long floats = live.values().stream().mapToLong(Long::longValue).sum() + onTheWay(step);
            most = Math.max(most, floats);
            live.keySet().removeIf(name -> lastReader.getOrDefault(name, now) <= now);
        }
        return most + network.inputShape().elements() + network.outputShape().elements();
    }

    private static List<String> inputs(Folded folded) {
        return switch (folded) {
            case Folded.Alone(Step step) -> step.inputs();
            case Folded.Pair(Step read, Step _) -> read.inputs();
        };
    }

    private static Step step(Folded folded) {
        return switch (folded) {
            case Folded.Alone(Step step) -> step;
            case Folded.Pair(Step _, Step reader) -> reader;
        };
    }

    /// Counts what a step keeps beside what it reads and gives.
    private static long onTheWay(Step step) {
        long given = step.outputShape().elements();
        return switch (step.op()) {
            // The heads' products and shares, and queries, keys and values in the order of heads.
            case TransformerOp.Attention attention -> {
                long tokens = step.outputShape().at(0);
                yield 2 * attention.heads() * tokens * tokens
                        + step.inputShape().elements();
            }
            // Where a map's channels are turned to be its last axis.
            case TransformerOp.LayerNorm _ -> step.outputShape().isMap() ? given : 0;
            case Op.Activate(Activation function) ->
                function == Activation.SWISH || function == Activation.GELU ? given : 0;
            default -> 0;
        };
    }
}

package dev.graft.trainer.finetune;

import dev.graft.networks.inference.PassMemory;
import dev.graft.networks.network.Node;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.ParameterSpec;
import java.util.Arrays;
import java.util.Set;

/// What fine-tuning needs at its greatest, estimated from what is asked for.
///
/// @param parameters numbers that are trained, the head's among them
/// @param heapBytes heap
/// @param nativeBytes memory outside the heap
/// @param stateBytes size of the file that is kept after every epoch
/// @param rowsBytes room on disk for what leaves the trunk, in half precision; a number that is too large for that
///     doubles it
public record TuningMemory(long parameters, long heapBytes, long nativeBytes, long stateBytes, long rowsBytes) {
    /// The largest file of a state, which is one array.
    public static final long STATE_BYTES_MAX = 1L << 30;

    /// The parameters now and at their best, and two moments.
    private static final long COPIES_OF_STATE = 4;

    /// The parameters now and at their best, two moments, the file of a state that holds all of them, and the file of
    /// the result.
    private static final long COPIES_ON_THE_HEAP = 10;

    /// Two moments, and what a step makes of a parameter on its way.
    private static final long COPIES_OF_DESCENT = 4;

    /// Weights as published, and folded.
    private static final long COPIES_OF_WEIGHTS = 2;

    /// On the way back there are gradients by the results of a step, of those it reads, and what it computes with.
    private static final long GRADIENTS_AT_ONCE = 3;

    /// Estimates fine-tuning.
    ///
    /// @param images that are learned from
    /// @param parallelism threads
    public static TuningMemory of(TunablePart part, long images, int parallelism) {
        Set<Node> trained = Set.copyOf(part.trained());
        long parameters = part.upper().steps().stream()
                .filter(step -> trained.contains(step.node()))
                .flatMap(step -> step.parameters().stream())
                .filter(ParameterSpec::learned)
                .mapToLong(parameter -> parameter.shape().elements())
                .sum();
        // Normalisations are folded into what they read, and keep nothing.
        long[] results = part.upper().steps().stream()
                .filter(step -> !(step.op() instanceof Op.BatchNorm))
                .mapToLong(step -> step.outputShape().elements())
                .toArray();
        long activations = Arrays.stream(results).sum()
                + GRADIENTS_AT_ONCE * Arrays.stream(results).max().orElse(0);
        long weights = part.upper().parameterCount();
        return new TuningMemory(
                parameters,
                parameters * COPIES_ON_THE_HEAP * Float.BYTES,
                Math.max(
                        passBytes(part),
                        Float.BYTES
                                * (weights * COPIES_OF_WEIGHTS
                                        + parameters * (COPIES_OF_DESCENT + parallelism)
                                        + activations * FineTuning.MICRO_BATCH * parallelism)),
                parameters * COPIES_OF_STATE * Float.BYTES,
                Rows.sizeBytes(images, part.upper().inputShape().elements(), true));
    }

    /// Estimates a pass of one image through the whole network, before and after the training.
    private static long passBytes(TunablePart part) {
        PassMemory upper = PassMemory.of(part.upper());
        return part.trunk()
                .map(PassMemory::of)
                .map(trunk -> new PassMemory(
                        trunk.openBytes() + upper.openBytes(), Math.max(trunk.imageBytes(), upper.imageBytes())))
                .orElse(upper)
                .bytes(1);
    }
}

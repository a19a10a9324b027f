package dev.graft.trainer.finetune;

import dev.graft.networks.inference.PassMemory;
import dev.graft.networks.network.Node;
import dev.graft.networks.network.ParameterSpec;
import dev.graft.pytorch.training.StepMemory;
import java.util.Set;

/// What fine-tuning needs at its greatest, estimated from what is asked for.
///
/// @param parameters numbers that are trained, the head's among them
/// @param heapBytes heap
/// @param nativeBytes memory outside the heap
/// @param stateBytes size of the file that is kept after every epoch
/// @param rowsBytes room on disk for what leaves the trunk, of as many variants of each image as are kept, in
///     half precision; a number that is too large for that doubles it
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

    /// Estimates fine-tuning.
    ///
    /// @param images that are learned from
    /// @param parallelism threads
    public static TuningMemory of(TunablePart part, FineTuneSettings settings, long images, int parallelism) {
        long parameters = parameters(part);
        boolean mixed = settings.mixedPrecision();
        long laneBytes = parameters * Float.BYTES
                + StepMemory.roundedBytes(part.upper(), mixed)
                + StepMemory.rowBytes(part.upper(), mixed) * FineTuning.MICRO_BATCH;
        return new TuningMemory(
                parameters,
                parameters * COPIES_ON_THE_HEAP * Float.BYTES,
                Math.max(
                        Math.max(passBytes(part), settings.augment() == null ? 0 : variedPassBytes(part)),
                        heldBytes(part) + parallelism * laneBytes),
                parameters * COPIES_OF_STATE * Float.BYTES,
                Rows.sizeBytes(
                        images * settings.keptVariants(),
                        part.upper().inputShape().elements(),
                        true));
    }

    /// Returns the same for a training whose part, and the frozen one below it, lie in the memory of a
    /// device of its own.
    public TuningMemory onDevice() {
        return new TuningMemory(parameters, heapBytes, 0, stateBytes, rowsBytes);
    }

    private static long parameters(TunablePart part) {
        Set<Node> trained = Set.copyOf(part.trained());
        return part.upper().steps().stream()
                .filter(step -> trained.contains(step.node()))
                .flatMap(step -> step.parameters().stream())
                .filter(ParameterSpec::learned)
                .mapToLong(parameter -> parameter.shape().elements())
                .sum();
    }

    /// Estimates what the training of a part holds outside the heap from one step to the next.
    public static long heldBytes(TunablePart part) {
        return Float.BYTES * (part.upper().parameterCount() * COPIES_OF_WEIGHTS + parameters(part) * COPIES_OF_DESCENT);
    }

    /// Estimates a pass of one image through the frozen part between two epochs.
    private static long variedPassBytes(TunablePart part) {
        return heldBytes(part)
                + part.trunk().map(trunk -> PassMemory.of(trunk).bytes(1)).orElse(0L);
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

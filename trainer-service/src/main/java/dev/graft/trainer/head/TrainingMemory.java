package dev.graft.trainer.head;

import java.util.stream.IntStream;

/// What a training needs at its greatest, estimated from what is asked for. The estimate is from above: every
/// array that may be alive at one moment is counted, and none twice.
///
/// @param parameters      numbers that are learned
/// @param headHeapBytes   heap that grows with the parameters
/// @param dataHeapBytes   heap that grows with pictures and classes
/// @param matrixBytes     memory outside the heap for the features
/// @param productBytes    memory outside the heap for the products
public record TrainingMemory(
        long parameters, long headHeapBytes, long dataHeapBytes, long matrixBytes, long productBytes) {
    /// A picture's line of the manifest, its place in the index, its name and its class.
    private static final long BYTES_OF_IMAGE = 640;

    /// A pair of classes in the confusion matrix: the number, the boxed number's reference, and its text.
    private static final long BYTES_OF_CONFUSION = 24;

    /// Parameters, the best so far, gradients, and the finished layers, as float32.
    private static final long COPIES_OF_DESCENT = 4;

    /// The head, its file, what was read of it, and the exported network.
    private static final long COPIES_OF_BUNDLE = 5;

    /// How many pictures, features and classes there are.
    public record Size(long learned, long evaluated, long features, int classes) {}

    /// Gives the heap needed in all.
    public long heapBytes() {
        return headHeapBytes + dataHeapBytes;
    }

    /// Gives the memory needed outside the heap.
    public long nativeBytes() {
        return matrixBytes + productBytes;
    }

    /// Gives the heap for each parameter.
    public double heapBytesPerParameter() {
        return (double) headHeapBytes / parameters;
    }

    /// Estimates a training.
    ///
    /// @param parallelism threads of the training
    public static TrainingMemory of(HeadSettings settings, Size size, int parallelism) {
        long[] widths = widths(settings.architecture(), size);
        long parameters = IntStream.range(0, widths.length - 1)
                .mapToLong(layer -> (widths[layer] + 1) * widths[layer + 1])
                .sum();
        long answers = (size.learned() + size.evaluated()) * size.classes() * Float.BYTES;
        long data = (size.learned() + size.evaluated()) * BYTES_OF_IMAGE
                + answers
                + (long) size.classes() * size.classes() * BYTES_OF_CONFUSION;
        long matrix = Math.max(size.learned(), size.evaluated()) * size.features() * Float.BYTES;
        return switch (settings.optimizer()) {
            case LBFGS -> convex(parameters, data, matrix, size, parallelism);
            case ADAM, ADAMW -> descent(parameters, COPIES_OF_DESCENT + 2, data, matrix, widths);
            case SGD -> descent(parameters, COPIES_OF_DESCENT + 1, data, matrix, widths);
        };
    }

    private static TrainingMemory convex(long parameters, long data, long matrix, Size size, int parallelism) {
        StrengthSearch.Plan plan = StrengthSearch.Plan.of(size.learned(), size.features(), size.classes());
        long sideBySide = Math.min(parallelism, plan.trainings());
        long perParameter = sideBySide * (Lbfgs.VECTORS * Double.BYTES + SoftmaxObjective.BYTES_PER_PARAMETER)
                + 2L * plan.trainings() * Double.BYTES
                + (long) plan.strengths().size() * Float.BYTES;
        long logits = plan.rows() * (long) size.classes() * Float.BYTES;
        boolean drawn = plan.rows() < size.learned();
        return new TrainingMemory(
                parameters,
                parameters * perParameter,
                data + logits * (2L * plan.deals() + sideBySide),
                matrix + (drawn ? plan.rows() * size.features() * Float.BYTES : 0),
                sideBySide * (2 * parameters * Float.BYTES + 2 * logits));
    }

    private static TrainingMemory descent(long parameters, long copies, long data, long matrix, long[] widths) {
        long activations = 0;
        for (long width : widths) {
            activations += width * HeadNetwork.MAX_ROWS * Float.BYTES;
        }
        return new TrainingMemory(
                parameters,
                parameters * Math.max(copies, COPIES_OF_BUNDLE) * Float.BYTES,
                data + 2 * activations,
                matrix,
                2 * parameters * Float.BYTES + 2 * activations);
    }

    private static long[] widths(HeadArchitecture architecture, Size size) {
        IntStream hidden = switch (architecture) {
            case HeadArchitecture.Linear _, HeadArchitecture.Sigmoid _ -> IntStream.empty();
            case HeadArchitecture.Mlp mlp -> mlp.hiddenUnits().stream().mapToInt(Integer::intValue);
        };
        return IntStream.concat(
                        IntStream.concat(IntStream.of(Math.toIntExact(size.features())), hidden),
                        IntStream.of(size.classes()))
                .asLongStream()
                .toArray();
    }
}

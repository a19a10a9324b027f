package dev.graft.networks.onnx;

import dev.graft.networks.network.PoolingOp;
import dev.graft.networks.network.Shape;
import dev.graft.networks.network.Step;
import dev.graft.networks.network.Window;
import dev.graft.networks.weights.FloatTensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Lowers poolings to ONNX nodes of opset 17.
///
/// @param graph what the nodes are added to
record PoolingLowering(GraphBuilder graph) {
    /// Writes a step and returns the value that stands for it.
    String lower(Step step, PoolingOp op, String input) {
        String name = step.name();
        return switch (op) {
            case PoolingOp.MaxPool pool ->
                graph.node(Operator.MAX_POOL, name, List.of(input), attributes(pool.window(), step));
            case PoolingOp.AveragePool pool -> average(step, pool, input);
            case PoolingOp.GlobalAveragePool _ -> globalAverage(step, input);
            case PoolingOp.Squeeze _ -> graph.node(Operator.GLOBAL_AVERAGE_POOL, name, List.of(input));
            case PoolingOp.AdaptiveAveragePool _ -> enlarged(step, input);
        };
    }

    private String average(Step step, PoolingOp.AveragePool pool, String input) {
        Stream<Attribute> sliding = Arrays.stream(attributes(pool.window(), step));
        Attribute padding = Attribute.of("count_include_pad", pool.countPadding() ? 1 : 0);
        return graph.node(
                Operator.AVERAGE_POOL,
                step.name(),
                List.of(input),
                Stream.concat(sliding, Stream.of(padding)).toArray(Attribute[]::new));
    }

    private static Attribute[] attributes(Window window, Step step) {
        return SlidingWindow.of(window, step.inputShape(), step.outputShape()).attributes();
    }

    private String globalAverage(Step step, String input) {
        String name = step.name();
        if (step.inputShape().isTokens()) {
            Attribute positions = Attribute.of("axes", new long[] {1});
            return graph.node(Operator.REDUCE_MEAN, name, List.of(input), positions, Attribute.of("keepdims", 0));
        }
        String means = graph.node(Operator.GLOBAL_AVERAGE_POOL, name + "/mean", List.of(input));
        return graph.node(Operator.FLATTEN, name, List.of(means), Attribute.of("axis", 1));
    }

    /// Enlarges rows and columns by a product with a matrix each; a map that is large enough stays what it is.
    private String enlarged(Step step, String input) {
        Shape from = step.inputShape();
        Shape to = step.outputShape();
        if (from.equals(to)) {
            return input;
        }
        Shape rows = Shape.of(to.at(1), from.at(1));
        Shape columns = Shape.of(from.at(2), to.at(2));
        String rowMeans = graph.constant(step.name() + "/rows.weight", rows, () -> means(from.at(1), to.at(1)));
        String columnMeans = graph.constant(
                step.name() + "/columns.weight", columns, () -> LinearTerms.transposed(means(from.at(2), to.at(2))));
        String high = graph.node(Operator.MAT_MUL, step.name() + "/rows", List.of(rowMeans, input));
        return graph.node(Operator.MAT_MUL, step.name(), List.of(high, columnMeans));
    }

    /// Returns the matrix `[to, from]` whose rows give the mean of the positions that adaptive pooling takes.
    private static FloatTensor means(int from, int to) {
        float[] matrix = new float[to * from];
        for (int row = 0; row < to; row++) {
            int first = row * from / to;
            int end = Math.ceilDiv((row + 1) * from, to);
            Arrays.fill(matrix, row * from + first, row * from + end, 1f / (end - first));
        }
        return FloatTensor.of(Shape.of(to, from), matrix);
    }
}

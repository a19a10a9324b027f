package dev.graft.backbones.onnx;

import dev.graft.backbones.network.Activation;
import dev.graft.backbones.network.Network;
import dev.graft.backbones.network.Op;
import dev.graft.backbones.network.ParameterSpec;
import dev.graft.backbones.network.Shape;
import dev.graft.backbones.network.Step;
import dev.graft.backbones.network.TransformerOp;
import dev.graft.backbones.network.Window;
import dev.graft.backbones.weights.FloatTensor;
import dev.graft.backbones.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lowers the steps of a network to ONNX nodes. The value that stands for a step carries the step's name; a
/// convolution whose only reader is a batch normalisation or a scale, and a linear layer whose only
/// reader is a layer scale, are written as one with it, under the latter's name.
final class NetworkLowering {
    private final OnnxGraph graph;
    private final Network network;
    private final Weights weights;
    private final TransformerLowering transformer;
    private final Map<String, Step> steps = new LinkedHashMap<>();
    private final Map<String, Integer> consumers;
    private final Map<String, String> values = new HashMap<>();

    NetworkLowering(OnnxGraph graph, Network network, Weights weights) {
        this.graph = graph;
        this.network = network;
        this.weights = weights;
        this.transformer = new TransformerLowering(graph, weights);
        network.steps().forEach(step -> steps.put(step.name(), step));
        this.consumers = network.consumers();
    }

    /// Writes all steps and returns the value that stands for the network's result.
    ///
    /// @param input the value of the normalised pictures, float32 `[batch, 3, height, width]`
    String lower(String input) {
        for (Step step : steps.values()) {
            if (!isFoldedIntoReader(step)) {
                values.put(step.name(), step.op() instanceof Op.Input ? input : lower(step));
            }
        }
        return value(network.output().name());
    }

    private String lower(Step step) {
        List<String> inputs = isFoldingReader(step)
                ? List.of()
                : step.inputs().stream().map(this::value).toList();
        String name = step.name();
        return switch (step.op()) {
            case Op.Input _ -> throw new IllegalStateException("the input is given, not computed");
            case Op.Conv2d conv -> convolution(step, conv, step.parameters());
            case Op.BatchNorm batchNorm -> inputs.isEmpty() ? foldedConvolution(step) : batchNorm(step, batchNorm);
            case Op.Scale scale ->
                inputs.isEmpty()
                        ? foldedConvolution(step)
                        : graph.node("Mul", name, List.of(inputs.get(0), graph.scalar(name + "/factor", (float)
                                scale.factor())));
            case Op.Activate activate -> activation(graph, activate.function(), name, inputs.get(0));
            case Op.MaxPool pool ->
                graph.node("MaxPool", name, inputs, sweep(pool.window(), step).attributes());
            case Op.AveragePool pool -> {
                List<Attribute> attributes =
                        new ArrayList<>(List.of(sweep(pool.window(), step).attributes()));
                attributes.add(Attribute.of("count_include_pad", pool.countPadding() ? 1 : 0));
                yield graph.node("AveragePool", name, inputs, attributes.toArray(Attribute[]::new));
            }
            case Op.GlobalAveragePool _ -> globalAverage(step, inputs);
            case Op.Squeeze _ -> graph.node("GlobalAveragePool", name, inputs);
            case Op.Excite _ -> graph.node("Mul", name, inputs);
            case Op.AdaptiveAveragePool _ -> enlarged(step, inputs.get(0));
            case Op.Add _ -> graph.node("Add", name, inputs);
            case Op.Concat _ -> graph.node("Concat", name, inputs, Attribute.of("axis", 1));
            case Op.Flatten _ -> flatten(name, inputs.get(0));
            case Op.Linear _ -> linear(step, inputs.get(0));
            case TransformerOp op -> inputs.isEmpty() ? scaledLinear(step) : transformer.lower(step, op, inputs.get(0));
        };
    }

    /// Writes an activation.
    static String activation(OnnxGraph graph, Activation function, String name, String input) {
        return switch (function) {
            case RELU -> graph.node("Relu", name, List.of(input));
            case RELU6 ->
                graph.node("Clip", name, List.of(input, graph.scalar("const.0", 0), graph.scalar("const.6", 6)));
            case SIGMOID -> graph.node("Sigmoid", name, List.of(input));
            case SWISH ->
                graph.node("Mul", name, List.of(input, graph.node("Sigmoid", name + "/sigmoid", List.of(input))));
            case GELU -> {
                String root = graph.scalar("const.sqrt2", (float) Math.sqrt(2));
                String ratio = graph.node("Div", name + "/div", List.of(input, root));
                String erf = graph.node("Erf", name + "/erf", List.of(ratio));
                String sum = graph.node("Add", name + "/add", List.of(erf, graph.scalar("const.1", 1)));
                String product = graph.node("Mul", name + "/mul", List.of(input, sum));
                yield graph.node("Mul", name, List.of(product, graph.scalar("const.half", 0.5f)));
            }
        };
    }

    private boolean isFoldedIntoReader(Step step) {
        return consumers.getOrDefault(step.name(), 0) == 1
                && steps.values().stream()
                        .anyMatch(reader -> reader.inputs().contains(step.name()) && folds(reader.op(), step.op()));
    }

    private boolean isFoldingReader(Step step) {
        return !step.inputs().isEmpty()
                && folds(step.op(), step(step.inputs().get(0)).op())
                && isFoldedIntoReader(step(step.inputs().get(0)));
    }

    private static boolean folds(Op reader, Op read) {
        return ConvolutionFolding.folds(reader, read) || LinearTerms.folds(reader, read);
    }

    private String foldedConvolution(Step step) {
        Step convolution = step(step.inputs().get(0));
        if (!(convolution.op() instanceof Op.Conv2d conv)) {
            throw new IllegalStateException(convolution.name() + " is no convolution");
        }
        ConvolutionFolding folding = new ConvolutionFolding(weights, convolution, step);
        String prefix = step.name() + "/folded";
        return convolution(
                step.name(),
                convolution,
                conv,
                List.of(
                        graph.constant(prefix + ".weight", folding.filterShape(), folding::filters),
                        graph.constant(prefix + ".bias", Shape.of(conv.outChannels()), folding::bias)));
    }

    private String convolution(Step step, Op.Conv2d conv, List<ParameterSpec> parameters) {
        return convolution(
                step.name(), step, conv, parameters.stream().map(this::constant).toList());
    }

    private String convolution(String name, Step step, Op.Conv2d conv, List<String> filtersAndBias) {
        List<String> inputs = new ArrayList<>(List.of(value(step.inputs().get(0))));
        inputs.addAll(filtersAndBias);
        return graph.convolution(name, inputs, sweep(conv.window(), step), conv.groups());
    }

    private String batchNorm(Step step, Op.BatchNorm batchNorm) {
        List<String> inputs = new ArrayList<>(List.of(value(step.inputs().get(0))));
        step.parameters().forEach(parameter -> inputs.add(constant(parameter)));
        return graph.batchNormalization(step.name(), inputs, batchNorm.epsilon());
    }

    private String globalAverage(Step step, List<String> inputs) {
        if (step.inputShape().isTokens()) {
            Attribute positions = Attribute.of("axes", new long[] {1});
            return graph.node("ReduceMean", step.name(), inputs, positions, Attribute.of("keepdims", 0));
        }
        return flatten(step.name(), graph.node("GlobalAveragePool", step.name() + "/mean", inputs));
    }

    private String linear(Step step, String input) {
        List<ParameterSpec> parameters = step.parameters();
        if (step.inputShape().rank() == 1) {
            List<String> inputs = new ArrayList<>(List.of(input));
            parameters.forEach(parameter -> inputs.add(constant(parameter)));
            return graph.node("Gemm", step.name(), inputs, Attribute.of("transB", 1));
        }
        return linear(step.name(), step, Optional.empty());
    }

    private String scaledLinear(Step scale) {
        Step linear = step(scale.inputs().get(0));
        return linear(scale.name(), linear, Optional.of(scale.parameters().get(0)));
    }

    private String linear(String name, Step step, Optional<ParameterSpec> scale) {
        List<ParameterSpec> parameters = step.parameters();
        LinearTerms terms = new LinearTerms(weights, parameters.get(0), scale);
        String matrix = graph.constant(name + "/matrix", terms.matrixShape(), terms::matrix);
        List<String> factors = List.of(value(step.inputs().get(0)), matrix);
        if (parameters.size() == 1) {
            return graph.node("MatMul", name, factors);
        }
        ParameterSpec bias = parameters.get(1);
        String product = graph.node("MatMul", name + "/product", factors);
        return graph.node(
                "Add", name, List.of(product, graph.constant(name + "/bias", bias.shape(), () -> terms.bias(bias))));
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
        String high = graph.node("MatMul", step.name() + "/rows", List.of(rowMeans, input));
        return graph.node("MatMul", step.name(), List.of(high, columnMeans));
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

    private String flatten(String name, String input) {
        return graph.node("Flatten", name, List.of(input), Attribute.of("axis", 1));
    }

    private static Sweep sweep(Window window, Step step) {
        return Sweep.of(window, step.inputShape(), step.outputShape());
    }

    private String constant(ParameterSpec parameter) {
        return graph.constant(parameter.name(), parameter.shape(), () -> weights.tensor(parameter));
    }

    private Step step(String name) {
        Step step = steps.get(name);
        if (step == null) {
            throw new IllegalStateException("no step is named " + name);
        }
        return step;
    }

    private String value(String node) {
        String value = values.get(node);
        if (value == null) {
            throw new IllegalStateException("step " + node + " has no value yet");
        }
        return value;
    }
}

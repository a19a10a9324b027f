package dev.graft.networks.onnx;

import dev.graft.networks.folding.Folding;
import dev.graft.networks.folding.Folding.Folded;
import dev.graft.networks.network.Activation;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.network.PoolingOp;
import dev.graft.networks.network.Shape;
import dev.graft.networks.network.Step;
import dev.graft.networks.network.TransformerOp;
import dev.graft.networks.weights.Weights;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Lowers the steps of a network to ONNX nodes of opset 17. The value that stands for a step carries the step's
/// name; what is folded ([Folding]) is written as one, under the reader's name.
final class NetworkLowering {
    private final GraphBuilder graph;
    private final Network network;
    private final Weights weights;
    private final PoolingLowering pooling;
    private final TransformerLowering transformer;
    private final Map<String, String> values = new HashMap<>();

    NetworkLowering(GraphBuilder graph, Network network, Weights weights) {
        this.graph = graph;
        this.network = network;
        this.weights = weights;
        this.pooling = new PoolingLowering(graph);
        this.transformer = new TransformerLowering(graph, weights);
    }

    /// Writes all steps and returns the value that stands for the network's result.
    ///
    /// @param input the value of the network's input, such as the normalised images, float32 `[batch, …]`
    String lower(String input) {
        for (Folded folded : Folding.of(network)) {
            switch (folded) {
                case Folded.Alone(Step step) when step.op() instanceof Op.Input -> values.put(step.name(), input);
                case Folded.Alone(Step step) -> values.put(step.name(), lower(step));
                case Folded.Pair(Step read, Step reader) -> values.put(reader.name(), lowerAsOne(read, reader));
            }
        }
        return value(network.output().name());
    }

    private String lower(Step step) {
        String name = step.name();
        List<String> inputs = step.inputs().stream().map(this::value).toList();
        String first = inputs.getFirst();
        return switch (step.op()) {
            case Op.Input _ -> throw new IllegalStateException("the input is given, not computed");
            case Op.Conv2d conv -> convolution(name, step, conv, constants(step));
            case Op.BatchNorm batchNorm -> batchNorm(step, batchNorm, first);
            case Op.Scale scale -> {
                String factor = graph.scalar(name + "/factor", (float) scale.factor());
                yield graph.node(Operator.MUL, name, List.of(first, factor));
            }
            case Op.Activate activate -> activation(graph, activate.function(), name, first);
            case Op.Excite _ -> graph.node(Operator.MUL, name, inputs);
            case Op.Add _ -> graph.node(Operator.ADD, name, inputs);
            case Op.Concat _ -> graph.node(Operator.CONCAT, name, inputs, Attribute.of("axis", 1));
            case Op.Flatten _ -> graph.node(Operator.FLATTEN, name, inputs, Attribute.of("axis", 1));
            case Op.Linear _ -> linear(step, first);
            case PoolingOp op -> pooling.lower(step, op, first);
            case TransformerOp op -> transformer.lower(step, op, first);
        };
    }

    /// Writes a convolution or a linear layer together with the step that multiplies and shifts its channels.
    private String lowerAsOne(Step read, Step reader) {
        return read.op() instanceof Op.Conv2d conv
                ? foldedConvolution(read, conv, reader)
                : linear(reader.name(), read, Optional.of(reader.parameters().getFirst()));
    }

    /// Writes an activation.
    static String activation(GraphBuilder graph, Activation function, String name, String input) {
        return switch (function) {
            case RELU -> graph.node(Operator.RELU, name, List.of(input));
            case RELU6 ->
                graph.node(Operator.CLIP, name, List.of(input, graph.scalar("const.0", 0), graph.scalar("const.6", 6)));
            case SIGMOID -> graph.node(Operator.SIGMOID, name, List.of(input));
            case SWISH ->
                graph.node(
                        Operator.MUL,
                        name,
                        List.of(input, graph.node(Operator.SIGMOID, name + "/sigmoid", List.of(input))));
            case GELU -> {
                String root = graph.scalar("const.sqrt2", (float) Math.sqrt(2));
                String ratio = graph.node(Operator.DIV, name + "/div", List.of(input, root));
                String erf = graph.node(Operator.ERF, name + "/erf", List.of(ratio));
                String sum = graph.node(Operator.ADD, name + "/add", List.of(erf, graph.scalar("const.1", 1)));
                String product = graph.node(Operator.MUL, name + "/mul", List.of(input, sum));
                yield graph.node(Operator.MUL, name, List.of(product, graph.scalar("const.half", 0.5f)));
            }
        };
    }

    private String foldedConvolution(Step step, Op.Conv2d conv, Step reader) {
        ConvolutionFolding folding = new ConvolutionFolding(weights, step, reader);
        String prefix = reader.name() + "/folded";
        return convolution(
                reader.name(),
                step,
                conv,
                List.of(
                        graph.constant(prefix + ".weight", folding.filterShape(), folding::filters),
                        graph.constant(prefix + ".bias", Shape.of(conv.outChannels()), folding::bias)));
    }

    private String convolution(String name, Step step, Op.Conv2d conv, List<String> filtersAndBias) {
        SlidingWindow sweep = SlidingWindow.of(conv.window(), step.inputShape(), step.outputShape());
        List<String> inputs = with(value(step.inputs().getFirst()), filtersAndBias);
        return graph.convolution(name, inputs, sweep, conv.groups());
    }

    private String batchNorm(Step step, Op.BatchNorm batchNorm, String input) {
        return graph.batchNormalization(step.name(), with(input, constants(step)), batchNorm.epsilon());
    }

    private String linear(Step step, String input) {
        if (step.inputShape().rank() == 1) {
            return graph.node(Operator.GEMM, step.name(), with(input, constants(step)), Attribute.of("transB", 1));
        }
        return linear(step.name(), step, Optional.empty());
    }

    private String linear(String name, Step step, Optional<ParameterSpec> scale) {
        List<ParameterSpec> parameters = step.parameters();
        LinearTerms terms = new LinearTerms(weights, parameters.getFirst(), scale);
        String matrix = graph.constant(name + "/matrix", terms.matrixShape(), terms::matrix);
        List<String> factors = List.of(value(step.inputs().getFirst()), matrix);
        if (parameters.size() == 1) {
            return graph.node(Operator.MAT_MUL, name, factors);
        }
        ParameterSpec bias = parameters.get(1);
        String product = graph.node(Operator.MAT_MUL, name + "/product", factors);
        return graph.node(
                Operator.ADD,
                name,
                List.of(product, graph.constant(name + "/bias", bias.shape(), () -> terms.bias(bias))));
    }

    private List<String> constants(Step step) {
        return step.parameters().stream()
                .map(parameter -> graph.constant(parameter.name(), parameter.shape(), () -> weights.tensor(parameter)))
                .toList();
    }

    private static List<String> with(String first, List<String> others) {
        return Stream.concat(Stream.of(first), others.stream()).toList();
    }

    private String value(String node) {
        String value = values.get(node);
        if (value == null) {
            throw new IllegalStateException("step " + node + " has no value yet");
        }
        return value;
    }
}

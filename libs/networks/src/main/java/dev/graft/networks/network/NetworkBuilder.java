package dev.graft.networks.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Builds a network step by step, so that the code of an architecture reads like the paper. Steps without a
/// branch follow each other; [#last] and [#resumeAt] open and join branches. Shapes are checked at once, at the
/// default size.
public final class NetworkBuilder {
    private static final String INPUT = "input";

    private final String name;
    private final int inputSize;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Shape> shapes = new HashMap<>();
    private String stage = INPUT;
    private String last = INPUT;
    private final List<String> auxiliary = new ArrayList<>();

    /// Starts a network whose input is `[3, inputSize, inputSize]`.
    ///
    /// @param name name of the architecture
    /// @param inputSize default height and width of the images
    public NetworkBuilder(String name, int inputSize) {
        this.name = name;
        this.inputSize = inputSize;
        step(INPUT, new Op.Input(Shape.of(3, inputSize, inputSize)), List.of());
    }

    /// Begins a stage: the following steps belong to it.
    public NetworkBuilder stage(String newStage) {
        stage = newStage;
        return this;
    }

    /// Returns the name of the newest step, to be used by a later [#add] or [#resumeAt].
    public String last() {
        return last;
    }

    /// Returns the number of channels of the newest step.
    public int channels() {
        return shape(last).at(0);
    }

    /// Continues from an earlier step.
    public NetworkBuilder resumeAt(String node) {
        shape(node);
        last = node;
        return this;
    }

    /// Adds a convolution without bias.
    public NetworkBuilder conv(String node, int outChannels, Window window) {
        return then(node, new Op.Conv2d(outChannels, window, 1, false));
    }

    /// Adds a convolution with bias.
    public NetworkBuilder convWithBias(String node, int outChannels, Window window) {
        return then(node, new Op.Conv2d(outChannels, window, 1, true));
    }

    /// Adds a convolution of each channel alone, without bias.
    public NetworkBuilder depthwise(String node, Window window) {
        return then(node, new Op.Conv2d(channels(), window, channels(), false));
    }

    /// Adds a batch normalisation.
    public NetworkBuilder batchNorm(String node, double epsilon) {
        return then(node, new Op.BatchNorm(epsilon));
    }

    /// Adds a batch normalisation and an activation, which is named `node.act`.
    public NetworkBuilder batchNorm(String node, double epsilon, Activation function) {
        return batchNorm(node, epsilon).activate(node + ".act", function);
    }

    /// Adds an activation.
    public NetworkBuilder activate(String node, Activation function) {
        return then(node, new Op.Activate(function));
    }

    /// Adds the result of an earlier step to the newest one.
    public NetworkBuilder add(String node, String shortcut) {
        return step(node, new Op.Add(), List.of(last, shortcut));
    }

    /// Joins the results of several steps along their channels.
    public NetworkBuilder concat(String node, List<String> branches) {
        return step(node, new Op.Concat(), branches);
    }

    /// Multiplies the channels of an earlier map by the newest step, a factor for each.
    public NetworkBuilder excite(String node, String map) {
        return step(node, new Op.Excite(), List.of(map, last));
    }

    /// Lays the newest tokens out as a map with the height and width of an earlier one.
    public NetworkBuilder tokensToMap(String node, String map) {
        return step(node, new TransformerOp.TokensToMap(), List.of(last, map));
    }

    /// Adds a step of any kind that takes the newest one.
    public NetworkBuilder then(String node, Op op) {
        return step(node, op, List.of(last));
    }

    /// Says that files of weights may hold a module that is no part of the network.
    ///
    /// @param module name of the module, without the dot that follows it
    public NetworkBuilder auxiliary(String module) {
        auxiliary.add(module);
        return this;
    }

    /// Ends the network as most end: the newest map, `global_pool`, then a linear layer.
    ///
    /// @param classifier name of the linear layer
    /// @param classes number of classes
    public Network pooledClassifier(String classifier, int classes) {
        return pooledClassifier(last, classifier, classes);
    }

    /// Ends the network like [#pooledClassifier(String, int)], where the last spatial map is an earlier step.
    public Network pooledClassifier(String featureMap, String classifier, int classes) {
        stage("global_pool").then("global_pool", new PoolingOp.GlobalAveragePool());
        stage(classifier).then(classifier, new Op.Linear(classes, true));
        return build(featureMap, "global_pool");
    }

    /// Ends the network.
    ///
    /// @param featureMap name of the step whose result is the last spatial map
    /// @param features name of the step whose result is the default transfer layer
    public Network build(String featureMap, String features) {
        shape(featureMap);
        shape(features);
        return new Network(name, inputSize, nodes, featureMap, features, auxiliary);
    }

    private NetworkBuilder step(String node, Op op, List<String> inputs) {
        if (shapes.containsKey(node)) {
            throw new IllegalArgumentException("two steps are named " + node);
        }
        shapes.put(node, op.outputShape(inputs.stream().map(this::shape).toList()));
        nodes.add(new Node(node, stage, op, inputs));
        last = node;
        return this;
    }

    private Shape shape(String node) {
        Shape shape = shapes.get(node);
        if (shape == null) {
            throw new IllegalArgumentException("no step is named " + node);
        }
        return shape;
    }
}

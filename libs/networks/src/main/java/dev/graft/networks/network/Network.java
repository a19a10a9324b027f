package dev.graft.networks.network;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Describes a network: its steps in an order in which each follows those it takes its inputs from. The last
/// step is the result. Immutable.
///
/// @param name name of the architecture, as timm has it
/// @param inputSize height and width of the input that [Op.Input] declares
/// @param nodes the steps
/// @param featureMap name of the step that gives the last spatial map
/// @param features name of the default transfer layer, the pooled features of most networks
/// @param auxiliary names of modules that files of weights may hold beside the steps' own, such as the second
///     classifier that only helps training
public record Network(
        String name, int inputSize, List<Node> nodes, String featureMap, String features, List<String> auxiliary) {
    /// Copies the lists.
    public Network {
        nodes = List.copyOf(nodes);
        auxiliary = List.copyOf(auxiliary);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("network " + name + " has no steps");
        }
    }

    /// Returns the step whose result is the network's.
    public Node output() {
        return nodes.getLast();
    }

    /// Returns the shape of what the network takes for one image: `[3, inputSize, inputSize]`, unless this is
    /// the upper part of a network, which takes a step's result ([#from]).
    ///
    /// @throws IllegalStateException when it has no input, as none that is built
    public Shape inputShape() {
        for (Node node : nodes) {
            if (node.op() instanceof Op.Input(Shape shape)) {
                return shape;
            }
        }
        throw new IllegalStateException(name + " has no input");
    }

    /// Returns whether the network takes images: `[3, inputSize, inputSize]`.
    public boolean takesImages() {
        return inputShape().equals(Shape.of(3, inputSize, inputSize));
    }

    /// Returns the shape of the result for one image.
    public Shape outputShape() {
        return shape(output().name());
    }

    /// Returns the shape of a step's result for one image.
    ///
    /// @throws IllegalArgumentException when there is no such step
    public Shape shape(String node) {
        return steps().stream()
                .filter(step -> step.name().equals(node))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " has no step named " + node))
                .outputShape();
    }

    /// Infers the shapes of all steps for one image, in order.
    public List<Step> steps() {
        Map<String, Shape> shapes = new HashMap<>();
        List<Step> steps = new ArrayList<>(nodes.size());
        for (Node node : nodes) {
            List<Shape> inputs = node.inputs().stream().map(shapes::get).toList();
            Shape output = node.op().outputShape(inputs);
            shapes.put(node.name(), output);
            steps.add(new Step(node, inputs, output));
        }
        return steps;
    }

    /// Returns the same network for images of another size.
    ///
    /// @throws IllegalArgumentException when the images are too small for its windows
    /// @throws IllegalStateException when this is the upper part of a network, which does not take images
    public Network withInputSize(int newInputSize) {
        if (!takesImages()) {
            throw new IllegalStateException(
                    "this part of " + name + " takes " + inputShape() + ", whose size is that of no image");
        }
        List<Node> resized = nodes.stream()
                .map(node -> node.op() instanceof Op.Input
                        ? new Node(
                                node.name(),
                                node.stage(),
                                new Op.Input(Shape.of(3, newInputSize, newInputSize)),
                                List.of())
                        : node)
                .toList();
        Network network = new Network(name, newInputSize, resized, featureMap, features, auxiliary);
        network.steps();
        return network;
    }

    /// Returns the part of this network that gives the features at a layer: a network whose result is one row.
    ///
    /// @throws IllegalArgumentException when the name stands for no step, or a row is to be averaged over
    ///     positions
    public Network upTo(TransferLayer layer) {
        Node chosen = select(layer.name()).getLast();
        List<Node> kept = new ArrayList<>(ancestors(chosen.name()));
        if (layer.pooled()) {
            Op pooling = pooling(kept, shape(chosen.name()));
            kept.add(new Node(chosen.name() + ":pooled", chosen.stage(), pooling, List.of(chosen.name())));
        } else if (shape(chosen.name()).rank() > 1) {
            kept.add(new Node(chosen.name() + ":flat", chosen.stage(), new Op.Flatten(), List.of(chosen.name())));
        }
        Network part = part(kept);
        part.steps();
        return part;
    }

    /// Returns the part of this network that gives the result of one step, as it is.
    ///
    /// @throws IllegalArgumentException when there is no such step
    public Network upToNode(String node) {
        shape(node);
        return part(ancestors(node));
    }

    /// Returns the part of this network above a step: a network whose input is that step, of the shape of its
    /// result, and whose result is the whole's. Behind [#upToNode] of the same step it computes what the whole
    /// computes. Its [#inputSize] is still that of the images.
    ///
    /// @throws IllegalArgumentException when there is no such step, the result does not depend on it, or it
    ///     depends on another step below as well; the message then names the steps at both ends
    public Network from(String node) {
        return part(new Cut(this).above(node));
    }

    /// Finds where this network is to be cut so that all that is trained lies above: the last step, in order,
    /// below which and in which nothing is trained, and whose result is the only one that goes on from there.
    /// [#upToNode] of it then is the part that stays as it is, and [#from] the part that changes. Inside a
    /// branched block there is no such step, so that the cut is below the block.
    ///
    /// @param trained the steps whose learned parameters are trained; those without any do not matter
    /// @return name of the step; nothing when only the input lies below
    public Optional<String> cut(Collection<Node> trained) {
        return new Cut(this).below(trained);
    }

    /// Returns the steps that a name stands for, in order: those of the stage of this name; or else the step of
    /// this name; or else those of the module of this name, whose names go on after a dot; or else those whose
    /// name or stage fits a pattern, in which `*` stands for any text. Upper and lower case are alike. The last
    /// of them gives the result where the name is a [TransferLayer]; all of them are trained where it is
    /// unfrozen.
    ///
    /// @throws IllegalArgumentException when the name stands for no step; the message lists the stages
    public List<Node> select(String wanted) {
        return NodeNames.meanings(wanted)
                .map(chosen -> nodes.stream().filter(chosen).toList())
                .filter(chosen -> !chosen.isEmpty())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " has no layer named " + wanted
                        + "; its stages are " + String.join(", ", stages())
                        + ", and every step of its table is a layer as well"));
    }

    /// Returns a layer by its canonical name, whichever of its names it was asked for by: the name of the step whose
    /// result it is, as the network writes it. A stage of the same name that ends elsewhere hides a step, and is
    /// then the layer that the name stands for.
    ///
    /// @throws IllegalArgumentException when the name stands for no step
    public TransferLayer canonical(TransferLayer layer) {
        Node chosen = select(layer.name()).getLast();
        boolean named = select(chosen.name()).getLast().equals(chosen);
        return new TransferLayer(named ? chosen.name() : chosen.stage(), layer.pooled());
    }

    /// Returns the names of the stages, in order.
    public List<String> stages() {
        return nodes.stream().map(Node::stage).distinct().toList();
    }

    /// Returns every parameter the steps need, in order.
    public List<ParameterSpec> parameters() {
        return steps().stream().flatMap(step -> step.parameters().stream()).toList();
    }

    /// Counts the learned parameters.
    public long parameterCount() {
        return steps().stream().mapToLong(Step::parameterCount).sum();
    }

    /// Adds up what a file of its weights holds as timm writes it: float32 parameters, and an int64 counter for
    /// each batch normalisation.
    public long sizeBytes() {
        long counters =
                nodes.stream().filter(node -> node.op() instanceof Op.BatchNorm).count();
        long elements = parameters().stream()
                .mapToLong(parameter -> parameter.shape().elements())
                .sum();
        return Long.BYTES * counters + Float.BYTES * elements;
    }

    /// Counts the multiply-add steps for one image.
    public long multiplyAdds() {
        return steps().stream().mapToLong(Step::multiplyAdds).sum();
    }

    /// Returns the greatest number of convolutions and matrices with learned weights that follow each other,
    /// which is the number in the names of many networks. The short ones of squeeze-and-excitation count as
    /// well.
    public int depth() {
        Map<String, Integer> depths = new HashMap<>();
        for (Step step : steps()) {
            int before = step.inputs().stream().mapToInt(depths::get).max().orElse(0);
            boolean weighted = step.multiplyAdds() > 0 && step.parameterCount() > 0;
            depths.put(step.name(), weighted ? before + 1 : before);
        }
        return depths.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /// Returns the table of the steps.
    public List<Layer> layers() {
        return steps().stream().map(Step::layer).toList();
    }

    /// Counts how many steps take each step's result; the network's own result is taken once more, by its
    /// reader.
    public Map<String, Integer> consumers() {
        Map<String, Integer> consumers = new HashMap<>();
        nodes.forEach(node -> node.inputs().forEach(input -> consumers.merge(input, 1, Integer::sum)));
        consumers.merge(output().name(), 1, Integer::sum);
        return consumers;
    }

    private Network part(List<Node> kept) {
        return new Network(name, inputSize, kept, featureMap, features, auxiliary);
    }

    /// Returns how the network itself would pool a layer: by its class token where it has one, by the mean
    /// elsewhere.
    private static Op pooling(List<Node> kept, Shape shape) {
        boolean classified = kept.stream().anyMatch(node -> node.op() instanceof TransformerOp.ClassToken);
        return shape.isTokens() && classified ? new TransformerOp.FirstToken() : new PoolingOp.GlobalAveragePool();
    }

    private List<Node> ancestors(String node) {
        Set<String> wanted = new HashSet<>(Set.of(node));
        for (Node candidate : nodes.reversed()) {
            if (wanted.contains(candidate.name())) {
                wanted.addAll(candidate.inputs());
            }
        }
        return nodes.stream()
                .filter(candidate -> wanted.contains(candidate.name()))
                .toList();
    }
}

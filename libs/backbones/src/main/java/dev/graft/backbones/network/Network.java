package dev.graft.backbones.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Describes a network: its steps in an order in which each follows those it takes its inputs from. The last step is
/// the
/// result. Immutable.
///
/// @param name name of the architecture, as timm has it
/// @param inputSize height and width of the input that [Op.Input] declares
/// @param nodes the steps
/// @param featureMap name of the step that gives the last spatial map
/// @param features name of the default transfer layer, the pooled features of most networks
public record Network(String name, int inputSize, List<Node> nodes, String featureMap, String features) {
    /// Copies the steps.
    public Network {
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("network " + name + " has no steps");
        }
    }

    /// Returns the step whose result is the network's.
    public Node output() {
        return nodes.getLast();
    }

    /// Returns the shape of the result for one picture.
    public Shape outputShape() {
        return shape(output().name());
    }

    /// Returns the shape of a step's result for one picture.
    ///
    /// @throws IllegalArgumentException when there is no such step
    public Shape shape(String node) {
        return steps().stream()
                .filter(step -> step.name().equals(node))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " has no step named " + node))
                .outputShape();
    }

    /// Infers the shapes of all steps for one picture, in order.
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

    /// Returns the same network for pictures of another size.
    ///
    /// @throws IllegalArgumentException when the pictures are too small for its windows
    public Network withInputSize(int newInputSize) {
        List<Node> resized = nodes.stream()
                .map(node -> node.op() instanceof Op.Input
                        ? new Node(
                                node.name(),
                                node.stage(),
                                new Op.Input(Shape.of(3, newInputSize, newInputSize)),
                                List.of())
                        : node)
                .toList();
        Network network = new Network(name, newInputSize, resized, featureMap, features);
        network.steps();
        return network;
    }

    /// Returns the part of this network that gives the features at a layer: a network whose result is one row.
    ///
    /// @throws IllegalArgumentException when there is no such step or stage
    public Network upTo(TransferLayer layer) {
        String chosen = find(layer.name())
                .orElseThrow(() -> new IllegalArgumentException(name + " has no layer named " + layer.name()
                        + "; its stages are " + String.join(", ", stages())));
        List<Node> kept = new ArrayList<>(ancestors(chosen));
        Shape shape = shape(chosen);
        String stage = kept.getLast().stage();
        if (layer.pooled()) {
            kept.add(new Node(chosen + ":pooled", stage, new Op.GlobalAveragePool(), List.of(chosen)));
        } else if (shape.rank() > 1) {
            kept.add(new Node(chosen + ":flat", stage, new Op.Flatten(), List.of(chosen)));
        }
        Network part = new Network(name, inputSize, kept, featureMap, features);
        part.steps();
        return part;
    }

    /// Returns the part of this network that gives the result of one step, as it is.
    ///
    /// @throws IllegalArgumentException when there is no such step
    public Network upToNode(String node) {
        shape(node);
        return new Network(name, inputSize, ancestors(node), featureMap, features);
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

    /// Counts the multiply-add steps for one picture.
    public long multiplyAdds() {
        return steps().stream().mapToLong(Step::multiplyAdds).sum();
    }

    /// Returns the table of the steps.
    public List<Layer> layers() {
        return steps().stream().map(Step::layer).toList();
    }

    /// Counts how many steps take each step's result; the network's own result is taken once more, by its reader.
    public Map<String, Integer> consumers() {
        Map<String, Integer> consumers = new HashMap<>();
        nodes.forEach(node -> node.inputs().forEach(input -> consumers.merge(input, 1, Integer::sum)));
        consumers.merge(output().name(), 1, Integer::sum);
        return consumers;
    }

    private Optional<String> find(String layer) {
        Optional<Node> step =
                nodes.stream().filter(node -> node.name().equals(layer)).findFirst();
        return step.or(() -> nodes.stream()
                        .filter(node -> node.stage().equals(layer))
                        .reduce((first, next) -> next))
                .map(Node::name);
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

package dev.graft.trainer.finetune;

import dev.graft.networks.network.Activation;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Node;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.Shape;
import dev.graft.networks.network.Step;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Weights;
import dev.graft.trainer.head.HeadLayer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What of a backbone is fine-tuned: the part from the lowest step that is trained upwards, and the head behind it; or
/// the head alone. Immutable.
///
/// @param trunk the part below, whose result is one row; absent when the part begins with the image
/// @param upper the part above with the head's layers behind it
/// @param trained the steps of `upper` that are trained, the head's among them
public record TunablePart(Optional<Network> trunk, Network upper, List<Node> trained) {
    private static final String HEAD = "graft_head";

    /// Copies the steps.
    public TunablePart {
        trained = List.copyOf(trained);
    }

    /// Finds the part.
    ///
    /// @param network the part of the backbone's network that gives one row of features
    /// @param stages names of stages, steps or modules, or patterns; `all` stands for everything, and none for the
    ///     head alone
    /// @param widths number of results of each of the head's layers
    /// @throws IllegalArgumentException when a name stands for no step, or for none that has learned parameters
    public static TunablePart of(Network network, List<String> stages, List<Integer> widths) {
        Set<Node> chosen = chosen(network, stages);
        Optional<String> boundary = network.cut(chosen);
        Network part = network.from(boundary.orElseGet(() -> input(network)));
        Network upper = withHead(part, widths);
        List<Node> trained = upper.nodes().stream()
                .filter(node -> chosen.contains(node) || node.stage().equals(HEAD))
                .toList();
        return new TunablePart(boundary.map(step -> row(network.upToNode(step))), upper, trained);
    }

    /// Adds what makes one row of a map, for engines that give rows.
    private static Network row(Network trunk) {
        if (trunk.outputShape().rank() == 1) {
            return trunk;
        }
        Node last = trunk.output();
        List<Node> nodes = new ArrayList<>(trunk.nodes());
        nodes.add(new Node(last.name() + ":flat", last.stage(), new Op.Flatten(), List.of(last.name())));
        return with(trunk, nodes);
    }

    private static Network with(Network network, List<Node> nodes) {
        return new Network(
                network.name(),
                network.inputSize(),
                nodes,
                network.featureMap(),
                network.features(),
                network.auxiliary());
    }

    private static Set<Node> chosen(Network network, List<String> stages) {
        Set<Node> withParameters = new HashSet<>();
        network.steps().stream()
                .filter(step -> step.parameterCount() > 0)
                .map(Step::node)
                .forEach(withParameters::add);
        Set<Node> chosen = new HashSet<>();
        for (String name : stages) {
            Set<Node> named = new HashSet<>(name.equals(FineTuneSettings.ALL) ? network.nodes() : network.select(name));
            named.retainAll(withParameters);
            if (named.isEmpty()) {
                throw new IllegalArgumentException("%s of %s has nothing to train".formatted(name, network.name()));
            }
            chosen.addAll(named);
        }
        return chosen;
    }

    private static String input(Network network) {
        return network.nodes().stream()
                .filter(node -> node.op() instanceof Op.Input)
                .map(Node::name)
                .findFirst()
                .orElseThrow();
    }

    private static Network withHead(Network part, List<Integer> widths) {
        List<Node> nodes = new ArrayList<>(part.nodes());
        String last = part.output().name();
        for (int layer = 0; layer < widths.size(); layer++) {
            if (layer > 0) {
                String rectified = layerName(layer - 1) + ".act";
                nodes.add(new Node(rectified, HEAD, new Op.Activate(Activation.RELU), List.of(last)));
                last = rectified;
            }
            nodes.add(new Node(layerName(layer), HEAD, new Op.Linear(widths.get(layer), true), List.of(last)));
            last = layerName(layer);
        }
        return with(part, nodes);
    }

    private static String layerName(int layer) {
        return HEAD + "." + layer;
    }

    /// Lays a head's layers beside the backbone's weights.
    ///
    /// @param backbone the backbone's, which stay the caller's
    static Weights with(Weights backbone, List<HeadLayer> head) {
        Map<String, FloatTensor> layers = new HashMap<>();
        for (int i = 0; i < head.size(); i++) {
            HeadLayer layer = head.get(i);
            layers.put(
                    layerName(i) + ".weight",
                    FloatTensor.of(Shape.of(layer.outFeatures(), layer.inFeatures()), layer.weight()));
            layers.put(layerName(i) + ".bias", FloatTensor.of(Shape.of(layer.outFeatures()), layer.bias()));
        }
        return backbone.with(layers);
    }

    /// Takes the head's layers out of parameters.
    ///
    /// @param parameters by name, the head's among them
    static List<HeadLayer> head(Map<String, FloatTensor> parameters) {
        List<HeadLayer> layers = new ArrayList<>();
        while (true) {
            FloatTensor weight = parameters.get(layerName(layers.size()) + ".weight");
            FloatTensor bias = parameters.get(layerName(layers.size()) + ".bias");
            if (weight == null || bias == null) {
                return layers;
            }
            layers.add(new HeadLayer(weight.shape().at(1), weight.shape().at(0), weight.toArray(), bias.toArray()));
        }
    }

    /// Names the head's last layer.
    String lastLayer() {
        return upper.output().name();
    }

    /// Returns whether a parameter is the head's.
    static boolean isHead(String parameter) {
        return parameter.startsWith(HEAD + ".");
    }
}

package dev.graft.networks.network;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Cuts a network in two at a step, the only one whose result goes from the lower part to the upper one.
///
/// @param network what is cut
record Cut(Network network) {
    /// Returns the steps of the upper part: the step of the cut, as the input, and all that follow from it.
    ///
    /// @throws IllegalArgumentException when there is no such step, or it is not the only way to the result
    List<Node> above(String node) {
        List<Node> above = new ArrayList<>();
        Set<String> kept = new HashSet<>(Set.of(node));
        Shape shape = network.shape(node);
        for (Node candidate : network.nodes()) {
            if (candidate.name().equals(node)) {
                above.add(new Node(node, candidate.stage(), new Op.Input(shape), List.of()));
            } else if (candidate.inputs().stream().anyMatch(kept::contains)) {
                requireReadsOnly(candidate, kept, node);
                kept.add(candidate.name());
                above.add(candidate);
            }
        }
        if (!kept.contains(network.output().name())) {
            throw new IllegalArgumentException(
                    network.name() + " has no part above " + node + ": its result does not depend on it");
        }
        return above;
    }

    private void requireReadsOnly(Node reader, Set<String> kept, String node) {
        reader.inputs().stream()
                .filter(input -> !kept.contains(input))
                .findFirst()
                .ifPresent(crossing -> {
                    throw new IllegalArgumentException("%s cannot be cut at %s: %s takes the result of %s as well"
                            .formatted(network.name(), node, reader.name(), crossing));
                });
    }

    /// Finds the highest step at which nothing trained is below.
    ///
    /// @param trained the steps whose learned parameters are trained
    /// @return nothing when that is the input
    Optional<String> below(Collection<Node> trained) {
        Set<Node> changing = Set.copyOf(trained);
        Map<String, Integer> lastReaders = lastReaders();
        String highest = network.nodes().getFirst().name();
        int readUpTo = 0; // the last step that reads any of those before
        List<Step> steps = network.steps();
        for (int index = 0; index < steps.size(); index++) {
            Step step = steps.get(index);
            if (changing.contains(step.node()) && step.parameterCount() > 0) {
                break;
            }
            if (readUpTo <= index) {
                highest = step.name();
            }
            readUpTo = Math.max(readUpTo, lastReaders.getOrDefault(step.name(), index));
        }
        return highest.equals(network.nodes().getFirst().name()) ? Optional.empty() : Optional.of(highest);
    }

    private Map<String, Integer> lastReaders() {
        Map<String, Integer> lastReaders = new HashMap<>();
        for (int index = 0; index < network.nodes().size(); index++) {
            for (String input : network.nodes().get(index).inputs()) {
                lastReaders.put(input, index);
            }
        }
        return lastReaders;
    }
}

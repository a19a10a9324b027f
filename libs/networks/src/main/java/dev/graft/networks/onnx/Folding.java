package dev.graft.networks.onnx;

import dev.graft.networks.network.Network;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.Step;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds the steps of a network that are written as one with the step that reads them: a convolution whose only
/// reader is a batch normalisation or a scale, and a linear layer whose only reader is a layer scale.
final class Folding {
    private Folding() {}

    /// What is written as one, in the network's order.
    sealed interface Folded {
        /// A step that is written by itself.
        record Alone(Step step) implements Folded {}

        /// A convolution or a linear layer, and the step that multiplies and shifts its channels.
        record Pair(Step read, Step reader) implements Folded {}
    }

    /// Folds the steps of a network.
    static List<Folded> of(Network network) {
        Map<String, Integer> consumers = network.consumers();
        Map<String, Step> steps = new HashMap<>();
        Map<String, Step> readByName = new HashMap<>();
        Set<String> folded = new HashSet<>();
        for (Step step : network.steps()) {
            steps.put(step.name(), step);
            Step read = step.inputs().isEmpty() ? null : steps.get(step.inputs().getFirst());
            if (read != null && consumers.getOrDefault(read.name(), 0) == 1 && folds(step.op(), read.op())) {
                readByName.put(step.name(), read);
                folded.add(read.name());
            }
        }
        return network.steps().stream()
                .filter(step -> !folded.contains(step.name()))
                .<Folded>map(step -> {
                    Step read = readByName.get(step.name());
                    return read == null ? new Folded.Alone(step) : new Folded.Pair(read, step);
                })
                .toList();
    }

    private static boolean folds(Op reader, Op read) {
        return ConvolutionFolding.folds(reader, read) || LinearTerms.folds(reader, read);
    }
}

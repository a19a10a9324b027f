package dev.graft.networks.onnx;

import dev.graft.networks.network.Network;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.Step;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds the steps of a network that are written as one with the step that reads them: a convolution whose only
/// reader is a batch normalisation or a scale, and a linear layer whose only reader is a layer scale.
final class FoldedSteps {
    private final Map<String, Step> readByName = new HashMap<>();
    private final Set<String> folded = new HashSet<>();

    FoldedSteps(Network network) {
        Map<String, Integer> consumers = network.consumers();
        Map<String, Step> steps = new HashMap<>();
        for (Step step : network.steps()) {
            steps.put(step.name(), step);
            Step read = step.inputs().isEmpty() ? null : steps.get(step.inputs().getFirst());
            if (read != null && consumers.getOrDefault(read.name(), 0) == 1 && folds(step.op(), read.op())) {
                readByName.put(step.name(), read);
                folded.add(read.name());
            }
        }
    }

    private static boolean folds(Op reader, Op read) {
        return ConvolutionFolding.folds(reader, read) || LinearTerms.folds(reader, read);
    }

    /// Tells whether a step is written by its reader.
    boolean contains(Step step) {
        return folded.contains(step.name());
    }

    /// Returns the step that is written as one with a reader.
    Optional<Step> readBy(Step reader) {
        return Optional.ofNullable(readByName.get(reader.name()));
    }
}

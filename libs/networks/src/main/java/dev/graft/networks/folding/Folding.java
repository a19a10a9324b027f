package dev.graft.networks.folding;

import dev.graft.networks.network.Network;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.Step;
import dev.graft.networks.network.TransformerOp;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds the steps of a network that are computed as one with the step that reads them: a convolution whose
/// only reader is a batch normalisation or a scale, and a linear layer whose only reader is a layer scale.
/// Stateless.
public final class Folding {
    private Folding() {}

    /// What is computed as one.
    public sealed interface Folded {
        /// A step that is computed by itself.
        ///
        /// @param step the step
        record Alone(Step step) implements Folded {}

        /// A convolution or a linear layer, and the step that multiplies and shifts its channels
        /// ([FoldedChannels]).
        ///
        /// @param read the convolution or the linear layer
        /// @param reader the step that takes its result, and nothing else
        record Pair(Step read, Step reader) implements Folded {}
    }

    /// Folds the steps of a network. The result of a pair goes by the reader's name; that of the step it reads
    /// is nowhere.
    ///
    /// @return every step once, in the network's order, a pair in the place of its reader
    public static List<Folded> of(Network network) {
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

    /// Returns whether the reader multiplies and shifts each channel of the other's result and does nothing
    /// else.
    private static boolean folds(Op reader, Op read) {
        boolean convolution =
                read instanceof Op.Conv2d && (reader instanceof Op.BatchNorm || reader instanceof Op.Scale);
        return convolution || (read instanceof Op.Linear && reader instanceof TransformerOp.LayerScale);
    }
}

package dev.graft.networks.training;

import dev.graft.networks.network.Network;
import dev.graft.networks.network.Node;
import dev.graft.networks.network.Step;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Learning rates that fall from the head downwards, so that early stages, which fit all images, move least
/// (Howard and Ruder, 2018, arXiv:1801.06146, section 3.2; with a factor a layer, Clark et al., 2020,
/// arXiv:2003.10555): a stage with `k` trained stages above it learns at `η · d^k`. Immutable; safe for use by
/// several threads at once.
///
/// @param decay d, more than 0 and at most 1, which lets all stages learn alike
public record LayerDecay(double decay) {
    /// Checks the factor.
    public LayerDecay {
        if (!(decay > 0 && decay <= 1)) {
            throw new IllegalArgumentException("a layer decay is more than 0 and at most 1, not " + decay);
        }
    }

    /// Returns what the learning rate is multiplied by in each stage that is trained.
    ///
    /// @param network the network, or its upper part
    /// @param trained the steps that are trained; stages of which none has learned parameters do not count
    /// @return factors by the name of the stage, in the network's order; that of the last one is 1
    public Map<String, Double> factors(Network network, Collection<Node> trained) {
        Set<Node> changing = Set.copyOf(trained);
        List<String> stages = network.steps().stream()
                .filter(step -> changing.contains(step.node()) && step.parameterCount() > 0)
                .map(Step::node)
                .map(Node::stage)
                .distinct()
                .toList();
        Map<String, Double> factors = new LinkedHashMap<>();
        for (int index = 0; index < stages.size(); index++) {
            factors.put(stages.get(index), StrictMath.pow(decay, stages.size() - 1.0 - index));
        }
        return factors;
    }
}

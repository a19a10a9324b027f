package dev.graft.cli.bench;

import dev.graft.networks.Backbone;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Step;
import java.util.LinkedList;
import java.util.List;

/// Finds the last stages of a network, which are those that one would fine-tune.
final class UpperStages {
    private UpperStages() {}

    /// Returns the fewest of the last stages below the classifier that together hold half of the
    /// parameters.
    ///
    /// @return names in the network's order, at least one
    static List<String> of(Backbone backbone) {
        Network network = backbone.network().upTo(backbone.defaultLayer());
        long wanted = Math.ceilDiv(network.parameterCount(), 2);
        LinkedList<String> stages = new LinkedList<>();
        long found = 0;
        for (String stage : network.stages().reversed()) {
            long parameters = network.steps().stream()
                    .filter(step -> step.node().stage().equals(stage))
                    .mapToLong(Step::parameterCount)
                    .sum();
            if (parameters > 0 && found < wanted) {
                stages.addFirst(stage);
                found += parameters;
            }
        }
        return stages;
    }
}

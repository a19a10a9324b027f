package dev.graft.pytorch.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/// The parameters of a part for one step of the training: what of them is trained, folded or as it is, by which
/// PyTorch differentiates. All arrays belong to the scope they were made in; the gradients of several backward
/// passes add up in their order. For one thread.
final class FoldedLeaves {
    private final UpperPart part;
    private final NDManager scope;
    private final Map<String, NDArray> leaves = new HashMap<>();

    private FoldedLeaves(UpperPart part, NDManager scope) {
        this.part = part;
        this.scope = scope;
    }

    /// Folds the parameters as they are now. Gradient mode must be off, so that the folding is no part of what
    /// is differentiated.
    ///
    /// @param scope owner of the arrays
    /// @param differentiated whether gradients will be wanted
    static FoldedLeaves of(UpperPart part, NDManager scope, boolean differentiated) {
        FoldedLeaves leaves = new FoldedLeaves(part, scope);
        for (FoldedPair pair : part.pairs()) {
            List<String> names = FoldedPair.foldedNames(pair.asOne());
            List<NDArray> both = pair.fold(scope);
            leaves.leaves.put(names.get(0), both.get(0));
            leaves.leaves.put(names.get(1), both.get(1));
        }
        Set<String> folded = part.pairs().stream()
                .flatMap(FoldedPair::members)
                .map(FoldedPair.Member::name)
                .collect(Collectors.toSet());
        part.trained().forEach((name, parameter) -> {
            if (!folded.contains(name)) {
                // A view that shares the numbers: the parameter itself never needs a gradient, and may be changed.
                NDArray view = parameter.array().stopGradient();
                view.attach(scope);
                leaves.leaves.put(name, view);
            }
        });
        leaves.leaves.values().forEach(leaf -> leaf.setRequiresGradient(differentiated));
        return leaves;
    }

    /// Returns the array of a parameter, by the name under which a step of the part asks for it.
    NDArray array(String name) {
        NDArray leaf = leaves.get(name);
        return leaf == null ? constant(name) : leaf;
    }

    /// Returns the gradients that the backward passes since have left, taken back to the parameters as
    /// published. Gradient mode must be off.
    ///
    /// @return float32, of the shapes of the trained parameters, by their names in the network's order; the
    ///     scope's
    SequencedMap<String, NDArray> gradients() {
        Map<String, NDArray> found = new HashMap<>();
        for (FoldedPair pair : part.pairs()) {
            List<String> names = FoldedPair.foldedNames(pair.asOne());
            try (NDArray byWeight = array(names.get(0)).getGradient();
                    NDArray byBias = array(names.get(1)).getGradient()) {
                pair.unfold(byWeight, byBias, scope, found);
            }
        }
        SequencedMap<String, NDArray> gradients = new LinkedHashMap<>();
        for (String name : part.trained().sequencedKeySet()) {
            NDArray gradient = found.get(name);
            if (gradient == null) {
                gradient = array(name).getGradient();
                gradient.attach(scope);
            }
            gradients.put(name, gradient);
        }
        return gradients;
    }

    private NDArray constant(String name) {
        NDArray constant = part.constants().get(name);
        if (constant == null) {
            throw new IllegalStateException("no step was given " + name);
        }
        return constant;
    }
}

package dev.graft.pytorch.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/// The parameters of a part for one step of the training: what of them is trained, folded or as it is, by which
/// PyTorch differentiates. All arrays belong to the scope they were made in. Each lane has views of its own on the
/// same numbers, so that lanes may differentiate at the same time; the gradients of a lane's backward passes add up
/// in their order, and those of the lanes in theirs. All else is for one thread.
final class FoldedLeaves {
    private final UpperPart part;
    private final NDManager scope;
    private final List<Map<String, NDArray>> lanes = new ArrayList<>();

    private FoldedLeaves(UpperPart part, NDManager scope) {
        this.part = part;
        this.scope = scope;
    }

    /// Folds the parameters as they are now, for passes that are not differentiated.
    ///
    /// @param scope owner of the arrays
    static FoldedLeaves of(UpperPart part, NDManager scope) {
        FoldedLeaves leaves = new FoldedLeaves(part, scope);
        leaves.lanes.add(leaves.folded());
        return leaves;
    }

    /// Folds the parameters as they are now. Gradient mode must be off, so that the folding is no part of what
    /// is differentiated.
    ///
    /// @param scope owner of the arrays
    /// @param lanes number of lanes, at least 1
    static FoldedLeaves differentiated(UpperPart part, NDManager scope, int lanes) {
        FoldedLeaves leaves = of(part, scope);
        for (int lane = 1; lane < lanes; lane++) {
            Map<String, NDArray> views = new HashMap<>();
            leaves.lanes.getFirst().forEach((name, leaf) -> views.put(name, view(leaf, scope)));
            leaves.lanes.add(views);
        }
        leaves.lanes.forEach(lane -> lane.values().forEach(leaf -> leaf.setRequiresGradient(true)));
        return leaves;
    }

    private Map<String, NDArray> folded() {
        Map<String, NDArray> leaves = new HashMap<>();
        for (FoldedPair pair : part.pairs()) {
            List<String> names = FoldedPair.foldedNames(pair.asOne());
            List<NDArray> both = pair.fold(scope);
            leaves.put(names.get(0), both.get(0));
            leaves.put(names.get(1), both.get(1));
        }
        Set<String> folded = part.pairs().stream()
                .flatMap(FoldedPair::members)
                .map(FoldedPair.Member::name)
                .collect(Collectors.toSet());
        part.trained().forEach((name, parameter) -> {
            if (!folded.contains(name)) {
                leaves.put(name, view(parameter.array(), scope));
            }
        });
        return leaves;
    }

    /// A view that shares the numbers: the parameter itself never needs a gradient, and may be changed.
    private static NDArray view(NDArray array, NDManager scope) {
        NDArray view = array.stopGradient();
        view.attach(scope);
        return view;
    }

    /// Returns the array of a parameter for a lane, by the name under which a step of the part asks for it. Safe for
    /// use by several lanes at once.
    NDArray array(int lane, String name) {
        NDArray leaf = lanes.get(lane).get(name);
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
            try (NDArray byWeight = sum(names.get(0));
                    NDArray byBias = sum(names.get(1))) {
                pair.unfold(byWeight, byBias, scope, found);
            }
        }
        SequencedMap<String, NDArray> gradients = new LinkedHashMap<>();
        for (String name : part.trained().sequencedKeySet()) {
            NDArray gradient = found.get(name);
            if (gradient == null) {
                gradient = sum(name);
                gradient.attach(scope);
            }
            gradients.put(name, gradient);
        }
        return gradients;
    }

    /// Adds the gradients of the lanes by a leaf.
    private NDArray sum(String name) {
        NDArray sum = array(0, name).getGradient();
        for (int lane = 1; lane < lanes.size(); lane++) {
            try (NDArray other = array(lane, name).getGradient()) {
                sum.addi(other);
            }
        }
        return sum;
    }

    private NDArray constant(String name) {
        NDArray constant = part.constants().get(name);
        if (constant == null) {
            throw new IllegalStateException("no step was given " + name);
        }
        return constant;
    }
}

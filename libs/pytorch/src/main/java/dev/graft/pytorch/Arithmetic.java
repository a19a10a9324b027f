package dev.graft.pytorch;

import ai.djl.ndarray.NDArray;
import dev.graft.networks.network.Step;
import java.util.List;

/// Computes single steps of a network on arrays `[batch, …]`. Never closes its arguments, and always gives
/// a new array.
interface Arithmetic {
    /// Computes a step.
    ///
    /// @param step the step
    /// @param inputs its arguments
    /// @return its result, the manager's of the first argument
    NDArray compute(Step step, List<NDArray> inputs);
}

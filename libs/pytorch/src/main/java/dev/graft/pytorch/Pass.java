package dev.graft.pytorch;

import ai.djl.ndarray.NDArray;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Computes the steps of a network one after another. Immutable; safe for use by several threads at once.
///
/// A result is closed as soon as its last reader has had it, whether or not gradients are on: what PyTorch
/// needs of it for a backward pass it keeps itself, and the memory of all else is free. What DJL makes on the
/// way belongs to the manager of the input, and is closed with it.
public final class Pass {
    private final List<Step> steps;
    private final Purpose purpose;
    private final Map<String, Integer> readers = new HashMap<>();

    /// What steps are computed for.
    private enum Purpose {
        /// Their results.
        RESULTS,
        /// Their derivatives.
        DERIVATIVES,
        /// Their derivatives, in mixed precision.
        MIXED_DERIVATIVES
    }

    /// Takes the steps of a network.
    ///
    /// @param steps in an order in which each follows those it reads, the input first; the last gives the
    ///     result
    public Pass(List<Step> steps) {
        this(steps, Purpose.RESULTS);
    }

    private Pass(List<Step> steps, Purpose purpose) {
        this.steps = List.copyOf(steps);
        this.purpose = purpose;
        steps.forEach(step -> step.inputs().forEach(input -> readers.merge(input, 1, Integer::sum)));
        readers.merge(steps.getLast().name(), 1, Integer::sum);
    }

    /// Takes the steps of a network that is differentiated. They are computed in the layout and by the
    /// operators whose way back is the shortest, and round differently than others.
    ///
    /// @param steps as [#Pass]
    public static Pass differentiated(List<Step> steps) {
        return new Pass(steps, Purpose.DERIVATIVES);
    }

    /// Takes the steps of a network that is differentiated in mixed precision ([MixedArithmetic]): what is
    /// given and what is returned is float32 as ever, and so are derivatives by the parameters, but they
    /// have the three digits of bfloat16.
    ///
    /// @param steps as [#Pass]
    public static Pass differentiatedInMixedPrecision(List<Step> steps) {
        return new Pass(steps, Purpose.MIXED_DERIVATIVES);
    }

    /// Computes all steps on the calling thread.
    ///
    /// @param input float32 `[batch, …]`, what the first step stands for; stays the caller's
    /// @param parameters gives the array of a parameter by its name; they are neither changed nor closed
    /// @return float32 `[batch, …]`, which belongs to the manager of the input
    public NDArray run(NDArray input, Function<String, NDArray> parameters) {
        return run(input, parameters, Map.of());
    }

    /// Computes all steps on the calling thread.
    ///
    /// @param input float32 `[batch, …]`, what the first step stands for; stays the caller's
    /// @param parameters gives the array of a parameter by its name; they are neither changed nor closed
    /// @param factors what the first argument of a step is multiplied by, by the step's name; of the argument's
    ///     shape, in memory of PyTorch's own ([Constants])
    /// @return float32 `[batch, …]`, which belongs to the manager of the input
    public NDArray run(NDArray input, Function<String, NDArray> parameters, Map<String, NDArray> factors) {
        Map<String, NDArray> results = new HashMap<>();
        Map<String, Integer> waiting = new HashMap<>(readers);
        try {
            return run(input, arithmetic(parameters), factors, results, waiting);
        } catch (RuntimeException | Error e) {
            // Some belong to the manager of a parameter, which is not closed for long.
            results.remove(steps.getFirst().name());
            results.values().forEach(NDArray::close);
            throw e;
        }
    }

    private NDArray run(
            NDArray input,
            Arithmetic arithmetic,
            Map<String, NDArray> factors,
            Map<String, NDArray> results,
            Map<String, Integer> waiting) {
        NDArray result = purpose == Purpose.RESULTS ? input : ChannelsLast.of(input);
        for (Step step : steps) {
            if (!(step.op() instanceof Op.Input)) {
                List<NDArray> arguments =
                        step.inputs().stream().map(results::get).toList();
                result = compute(arithmetic, step, arguments, factors.get(step.name()));
            }
            results.put(step.name(), result);
            step.inputs().forEach(name -> release(name, results, waiting));
        }
        return purpose == Purpose.MIXED_DERIVATIVES ? ScriptedFunction.TO_FLOAT32.compute(result) : result;
    }

    private Arithmetic arithmetic(Function<String, NDArray> parameters) {
        return switch (purpose) {
            case RESULTS -> new StepArithmetic(parameters, false);
            case DERIVATIVES -> new StepArithmetic(parameters, true);
            case MIXED_DERIVATIVES -> new MixedArithmetic(parameters);
        };
    }

    private static NDArray compute(
            Arithmetic arithmetic, Step step, List<NDArray> arguments, @Nullable NDArray factor) {
        if (factor == null) {
            return arithmetic.compute(step, arguments);
        }
        try (NDArray product = arguments.getFirst().mul(factor)) {
            List<NDArray> others = arguments.subList(1, arguments.size());
            return arithmetic.compute(
                    step, Stream.concat(Stream.of(product), others.stream()).toList());
        }
    }

    /// Closes a result once its last reader has had it; the input belongs to the caller.
    private void release(String name, Map<String, NDArray> results, Map<String, Integer> waiting) {
        boolean last = waiting.merge(name, -1, Integer::sum) == 0;
        NDArray result = last ? results.remove(name) : null;
        if (result != null && !name.equals(steps.getFirst().name())) {
            result.close();
        }
    }
}

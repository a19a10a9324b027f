package dev.graft.networks.weights;

import dev.graft.networks.network.Network;
import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.network.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Gives the tensors of a set of weights by their names in timm's state dictionary. Implementations are safe
/// for use by several threads at once.
public interface Weights {
    /// The most tensors that a refusal names.
    int OFFENCES_SHOWN_MAX = 5;

    /// Returns the names of all tensors.
    Set<String> names();

    /// Returns the shape of a tensor, without reading it.
    ///
    /// @throws MalformedWeightsException `MISSING_TENSOR` when there is none of this name
    Shape shape(String name);

    /// Returns a tensor widened to float32.
    ///
    /// @throws MalformedWeightsException `MISSING_TENSOR` when there is none of this name, `WRONG_DTYPE` when
    ///     its elements are not floating-point numbers
    FloatTensor tensor(String name);

    /// Returns the tensor for a parameter. Vectors of positions that were learned on another grid are resampled.
    ///
    /// @throws MalformedWeightsException as [#tensor], and `WRONG_SHAPE` when its shape is another
    default FloatTensor tensor(ParameterSpec parameter) {
        requireShape(parameter);
        FloatTensor stored = tensor(parameter.name());
        return stored.shape().equals(parameter.shape()) ? stored : PositionGrid.resample(stored, parameter.shape());
    }

    /// Checks that these are the weights of a network: every parameter is there with its shape, and nothing
    /// else but the counters `num_batches_tracked`, which inference does not need, and the network's auxiliary
    /// modules.
    ///
    /// @throws MalformedWeightsException `MISSING_TENSOR`, `WRONG_SHAPE` or `UNEXPECTED_TENSOR`, which
    ///     names the first few tensors of that kind; `WRONG_DTYPE` when a tensor holds no floating-point numbers
    default void requireFor(Network network) {
        Map<String, ParameterSpec> wanted =
                network.parameters().stream().collect(Collectors.toMap(ParameterSpec::name, Function.identity()));
        Set<String> found = names();
        require(
                Malformation.MISSING_TENSOR,
                network.name() + " needs ",
                wanted.keySet().stream().filter(name -> !found.contains(name)));
        require(
                Malformation.WRONG_SHAPE,
                "",
                wanted.values().stream().filter(parameter -> !fits(parameter)).map(this::misfit));
        require(
                Malformation.UNEXPECTED_TENSOR,
                network.name() + " has no tensor named ",
                found.stream().filter(name -> !wanted.containsKey(name)).filter(name -> !isAuxiliary(network, name)));
    }

    private static boolean isAuxiliary(Network network, String name) {
        return name.endsWith(".num_batches_tracked")
                || network.auxiliary().stream().anyMatch(module -> name.startsWith(module + "."));
    }

    private static void require(Malformation malformation, String words, Stream<String> offences) {
        List<String> sorted = offences.sorted().toList();
        if (!sorted.isEmpty()) {
            int shown = Math.min(OFFENCES_SHOWN_MAX, sorted.size());
            String rest = sorted.size() == shown ? "" : " and " + (sorted.size() - shown) + " more";
            throw new MalformedWeightsException(
                    malformation, words + String.join(", ", sorted.subList(0, shown)) + rest);
        }
    }

    private void requireShape(ParameterSpec parameter) {
        if (!fits(parameter)) {
            throw new MalformedWeightsException(Malformation.WRONG_SHAPE, misfit(parameter));
        }
    }

    private boolean fits(ParameterSpec parameter) {
        Shape found = shape(parameter.name());
        return found.equals(parameter.shape()) || PositionGrid.fits(found, parameter);
    }

    private String misfit(ParameterSpec parameter) {
        return parameter.name() + " is " + shape(parameter.name()) + " where " + parameter.shape() + " is wanted";
    }

    /// Makes weights of tensors in memory, such as those of a fine-tuned network.
    static Weights of(Map<String, FloatTensor> tensors) {
        return new TensorMap(Map.copyOf(tensors));
    }

    /// Returns these weights with some tensors replaced.
    default Weights with(Map<String, FloatTensor> replacements) {
        return new Overlay(this, Map.copyOf(replacements));
    }
}

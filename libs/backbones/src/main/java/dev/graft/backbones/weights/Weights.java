package dev.graft.backbones.weights;

import dev.graft.backbones.network.Network;
import dev.graft.backbones.network.ParameterSpec;
import dev.graft.backbones.network.Shape;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Gives the tensors of a set of weights by their names in timm's state dictionary. Implementations are safe
/// for use by several threads at once.
public interface Weights {
    /// Returns the names of all tensors.
    Set<String> names();

    /// Returns the shape of a tensor, without reading it.
    ///
    /// @throws MalformedWeightsException `MISSING_TENSOR` when there is none of this name
    Shape shape(String name);

    /// Returns a tensor widened to float32.
    ///
    /// @throws MalformedWeightsException `MISSING_TENSOR` when there is none of this name, `WRONG_DTYPE` when its
    ///     elements are not floating-point numbers
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
    /// @throws MalformedWeightsException `MISSING_TENSOR`, `WRONG_SHAPE` or `UNEXPECTED_TENSOR`
    default void requireFor(Network network) {
        Set<String> wanted = network.parameters().stream()
                .peek(this::requireShape)
                .map(ParameterSpec::name)
                .collect(Collectors.toSet());
        for (String name : names()) {
            boolean auxiliary = name.endsWith(".num_batches_tracked")
                    || network.auxiliary().stream().anyMatch(module -> name.startsWith(module + "."));
            if (!wanted.contains(name) && !auxiliary) {
                throw new MalformedWeightsException(
                        Malformation.UNEXPECTED_TENSOR, network.name() + " has no tensor named " + name);
            }
        }
    }

    private void requireShape(ParameterSpec parameter) {
        Shape found = shape(parameter.name());
        if (!found.equals(parameter.shape()) && !PositionGrid.fits(found, parameter)) {
            throw new MalformedWeightsException(
                    Malformation.WRONG_SHAPE,
                    parameter.name() + " is " + found + " where " + parameter.shape() + " is wanted");
        }
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

package dev.graft.networks.weights;

import dev.graft.networks.network.Shape;
import java.util.Map;
import java.util.Set;

/// Weights whose tensors are all in memory.
record TensorMap(Map<String, FloatTensor> tensors) implements Weights {
    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public Shape shape(String name) {
        return tensor(name).shape();
    }

    @Override
    public FloatTensor tensor(String name) {
        FloatTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new MalformedWeightsException(Malformation.MISSING_TENSOR, name + " is not there");
        }
        return tensor;
    }
}

package dev.graft.pytorch.bench;

import dev.graft.networks.network.Network;
import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/// Makes untrained weights, so that the speed of every network can be measured without a download. Their
/// scale follows the number of inputs (He et al., 2015, arXiv:1502.01852), so that no number vanishes or overflows on
/// its way through the network: denormal numbers would be slow.
public final class RandomWeights {
    private static final double GAIN = 6;

    private RandomWeights() {}

    /// Makes the same weights for the same network every time.
    public static Weights of(Network network) {
        SplittableRandom random = new SplittableRandom(1);
        Map<String, FloatTensor> tensors = new LinkedHashMap<>();
        network.parameters().forEach(parameter -> tensors.put(parameter.name(), tensor(parameter, random.split())));
        return Weights.of(tensors);
    }

    private static FloatTensor tensor(ParameterSpec parameter, SplittableRandom random) {
        int elements = Math.toIntExact(parameter.shape().elements());
        boolean scales = parameter.shape().rank() < 2;
        double bound = scales ? 0.1 : Math.sqrt(GAIN * parameter.shape().at(0) / elements);
        boolean aroundOne = parameter.name().endsWith(".running_var")
                || (scales && parameter.name().endsWith(".weight"));
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = (float) ((aroundOne ? 1 : 0) + random.nextDouble(-bound, bound));
        }
        return FloatTensor.of(parameter.shape(), values);
    }
}

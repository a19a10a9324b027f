package dev.graft.pytorch.training;

import ai.djl.ndarray.NDManager;
import dev.graft.networks.training.Targets;
import dev.graft.pytorch.ComputeDevice;
import dev.graft.pytorch.PyTorch;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/// Copies gradients out of native memory.
final class Gradients {
    private Gradients() {}

    /// Differentiates the loss of a batch.
    ///
    /// @param tuner which is closed after it
    /// @param device the tuner's
    /// @param rows of the batch, one behind another
    /// @return gradients by the trained parameters as published
    static Map<String, float[]> of(FineTuner tuner, ComputeDevice device, float[] rows, Targets targets) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        try (tuner;
                NDManager scope = PyTorch.manager(device)) {
            tuner.differentiate(scope, FloatBuffer.wrap(rows), targets)
                    .gradients()
                    .forEach((name, gradient) -> gradients.put(name, gradient.toFloatArray()));
        }
        return gradients;
    }
}

package dev.graft.backbones;

import dev.graft.backbones.network.Network;
import dev.graft.backbones.network.Shape;
import dev.graft.backbones.weights.FloatTensor;
import dev.graft.backbones.weights.Weights;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// Makes weights and inputs from names by a formula, so that implementations can be compared without a download.
///
/// @param salt what is put before every name
public record FormulaWeights(String salt) {
    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    public Weights of(Network network) {
        Map<String, FloatTensor> tensors = new TreeMap<>();
        network.parameters()
                .forEach(parameter -> tensors.put(parameter.name(), tensor(parameter.name(), parameter.shape())));
        return Weights.of(tensors);
    }

    /// Returns float32 `[count, 3, size, size]`; the first picture is the one of the reference.
    public float[] images(int count, int size) {
        float[] images = new float[count * 3 * size * size];
        long seed = seed("input");
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) uniform(seed, i);
        }
        return images;
    }

    private FloatTensor tensor(String name, Shape shape) {
        float[] values = new float[Math.toIntExact(shape.elements())];
        long seed = seed(name);
        double scale = 0.1;
        double offset = 0;
        if (name.endsWith(".running_var")) {
            scale = 0.5;
            offset = 1;
        } else if (name.endsWith(".weight") && shape.rank() == 1) {
            offset = 1;
        } else if (name.endsWith(".weight") && shape.rank() > 1) {
            scale = Math.sqrt(6.0 / (shape.elements() / shape.at(0)));
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (offset + scale * uniform(seed, i));
        }
        return FloatTensor.of(shape, values);
    }

    private long seed(String name) {
        long hash = FNV_OFFSET;
        for (byte b : (salt + name).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
        }
        return hash;
    }

    private static double uniform(long seed, long index) {
        long z = seed + (index + 1) * GOLDEN;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return (z >>> 40) * 0x1p-23 - 1;
    }
}

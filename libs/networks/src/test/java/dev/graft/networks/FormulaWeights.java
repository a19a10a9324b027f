package dev.graft.networks;

import dev.graft.networks.network.Network;
import dev.graft.networks.network.Shape;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Weights;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/// Makes weights and inputs from names by a formula, so that implementations can be compared without a download.
///
/// @param salt what is put before every name
public record FormulaWeights(String salt) {
    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long CHUNK = 1 << 16;
    private static final ValueLayout.OfFloat LITTLE_ENDIAN =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Returns the weights of a network, each made when it is asked for.
    public Weights of(Network network) {
        Map<String, Shape> shapes = new TreeMap<>();
        network.parameters().forEach(parameter -> shapes.put(parameter.name(), parameter.shape()));
        return new Formula(shapes);
    }

    /// Returns float32 `[count, 3, size, size]`; the first image is the one of the reference.
    public float[] images(int count, int size) {
        float[] images = new float[count * 3 * size * size];
        long seed = seed("input");
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) uniform(seed, i);
        }
        return images;
    }

    public FloatTensor tensor(String name, Shape shape) {
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
        byte[] values = new byte[Math.toIntExact(shape.elements() * Float.BYTES)];
        fill(MemorySegment.ofArray(values), seed(name), offset, scale);
        return new FloatTensor(shape, MemorySegment.ofArray(values));
    }

    /// Fills in parallel, as the largest networks have more than 100 million weights.
    private static void fill(MemorySegment values, long seed, double offset, double scale) {
        long count = values.byteSize() / Float.BYTES;
        LongStream.range(0, Math.ceilDiv(count, CHUNK)).parallel().forEach(chunk -> {
            long end = Math.min(count, (chunk + 1) * CHUNK);
            for (long i = chunk * CHUNK; i < end; i++) {
                values.setAtIndex(LITTLE_ENDIAN, i, (float) (offset + scale * uniform(seed, i)));
            }
        });
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

    private final class Formula implements Weights {
        private final Map<String, Shape> shapes;

        private Formula(Map<String, Shape> shapes) {
            this.shapes = shapes;
        }

        @Override
        public Set<String> names() {
            return shapes.keySet();
        }

        @Override
        public Shape shape(String name) {
            return shapes.get(name);
        }

        @Override
        public FloatTensor tensor(String name) {
            return FormulaWeights.this.tensor(name, shapes.get(name));
        }
    }
}

package dev.graft.predict.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Shape;
import dev.graft.networks.onnx.BackboneExport;
import dev.graft.networks.onnx.Dense;
import dev.graft.networks.onnx.Head;
import dev.graft.networks.weights.BundledWeights;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Safetensors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedNetworkTest {
    private static final Backbone BACKBONE =
            Catalogue.standard().defaultBackbone().withInputSize(224);
    private static final int IMAGES = 16;

    @Test
    void takesNoneOfTheJvmsDirectMemoryForPixels(@TempDir Path weights) throws IOException {
        BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow();
        byte[] pixels = new byte[IMAGES * 3 * 224 * 224];
        try (ServedNetwork network = load(weights)) {
            long beforeBytes = direct.getMemoryUsed();
            assertThat(network.classify(pixels)).hasDimensions(IMAGES, 2);
            // The pixels are 2.3 MiB; collecting garbage can only make this less.
            assertThat(direct.getMemoryUsed() - beforeBytes).isLessThan(1 << 20);
        }
    }

    private static ServedNetwork load(Path directory) throws IOException {
        Network features = BACKBONE.network().upTo(BACKBONE.defaultLayer());
        int dimension = features.outputShape().at(0);
        Head head = new Head(
                List.of(new Dense(
                        FloatTensor.of(Shape.of(2, dimension), new float[2 * dimension]),
                        FloatTensor.of(Shape.of(2), new float[2]))),
                Head.Output.SOFTMAX);
        try (Safetensors weights = new BundledWeights(directory)
                        .open(BACKBONE.name(), BACKBONE.sha256().orElseThrow());
                Arena arena = Arena.ofConfined()) {
            return new ServedNetwork(BackboneExport.classifier(BACKBONE, features, weights, head, Map.of())
                    .toBuffer(arena));
        }
    }
}

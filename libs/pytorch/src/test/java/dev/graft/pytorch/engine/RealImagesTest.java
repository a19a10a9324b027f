package dev.graft.pytorch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.Closeness;
import dev.graft.networks.Shared;
import dev.graft.networks.inference.EmbeddingEngine;
import dev.graft.networks.network.Network;
import dev.graft.networks.onnx.BackboneExport;
import dev.graft.networks.onnx.Dense;
import dev.graft.networks.onnx.Head;
import dev.graft.networks.weights.BundledWeights;
import dev.graft.networks.weights.Safetensors;
import dev.graft.onnxruntime.PixelClassifier;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.Preprocessor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The bundled weights on photographs, from the file to the features and to ImageNet's classes, as timm has them.
class RealImagesTest {
    private static final Backbone BACKBONE = Catalogue.standard().defaultBackbone();
    private static final String EXPECTED = "reference/real/tf_efficientnet_lite0.in1k";

    @TempDir
    private static Path directory;

    private final Preprocessor preprocessor = new Preprocessor(BACKBONE.preprocessing(), DecodeLimits.STANDARD);

    @ParameterizedTest
    @ValueSource(strings = {"onnxruntime", "pytorch"})
    void haveTheFeaturesThatTimmGives(String engineName) throws Exception {
        Network network = BACKBONE.network().upTo(BACKBONE.defaultLayer());
        try (Safetensors expected = Safetensors.open(Shared.path(EXPECTED + ".features.safetensors"));
                Safetensors weights = bundled();
                EmbeddingEngine engine = EngineChoice.parse(engineName, "cpu").load(network, weights, 1)) {
            assertThat(expected.names()).isNotEmpty();
            float[] image = new float[engine.floatsPerImage()];
            for (String photograph : expected.names()) {
                preprocessor.normalise(pixels(photograph), 0, image, 0);
                float[] wanted = expected.tensor(photograph).toArray();
                assertThat(Closeness.of(engine.embed(image), wanted).greatest())
                        .as(photograph)
                        .isLessThan(1e-3);
            }
        }
    }

    @Test
    void haveTheImageNetClassesThatTimmGives() throws Exception {
        Network network = BACKBONE.network().upTo(BACKBONE.defaultLayer());
        List<String> lines = Files.readAllLines(Shared.path(EXPECTED + ".top5.tsv"));
        try (Safetensors weights = bundled()) {
            Dense classifier = new Dense(weights.tensor("classifier.weight"), weights.tensor("classifier.bias"));
            Head head = new Head(List.of(classifier), Head.Output.SOFTMAX);
            try (PixelClassifier imagenet =
                    PixelClassifier.load(BackboneExport.classifier(BACKBONE, network, weights, head, Map.of()), 1)) {
                for (String line : lines) {
                    String[] columns = line.split("\t");
                    float[] probabilities = imagenet.classify(pixels(columns[0]))[0];
                    List<Integer> best = IntStream.range(0, 1000)
                            .boxed()
                            .sorted(Comparator.comparing((Integer i) -> -probabilities[i]))
                            .limit(5)
                            .toList();
                    for (int rank = 0; rank < 5; rank++) {
                        String[] wanted = columns[rank + 1].split(":");
                        assertThat(best.get(rank)).as(line).isEqualTo(Integer.parseInt(wanted[0]));
                        assertThat(probabilities[best.get(rank)])
                                .isCloseTo(Float.parseFloat(wanted[1]), org.assertj.core.api.Assertions.within(1e-3f));
                    }
                }
            }
        }
    }

    private byte[] pixels(String photograph) throws Exception {
        return preprocessor.read(Files.readAllBytes(Shared.path("datasets/" + photograph)));
    }

    private static Safetensors bundled() throws Exception {
        return new BundledWeights(directory)
                .open(BACKBONE.name(), BACKBONE.sha256().orElseThrow());
    }
}

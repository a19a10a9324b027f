package dev.graft.backbones.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.backbones.Closeness;
import dev.graft.backbones.FormulaWeights;
import dev.graft.backbones.Shared;
import dev.graft.backbones.architecture.Architectures;
import dev.graft.backbones.network.Network;
import dev.graft.backbones.network.TransferLayer;
import dev.graft.backbones.weights.Safetensors;
import dev.graft.backbones.weights.Weights;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceTest {
    private static final double TOLERANCE = 1e-4;

    @ParameterizedTest
    @CsvSource({
        "tf_efficientnet_lite0, onnxruntime",
        "tf_efficientnet_lite0, pytorch",
        "tf_efficientnet_lite1, onnxruntime",
        "tf_efficientnet_lite2, onnxruntime",
        "tf_efficientnet_lite2, pytorch"
    })
    void agreesWithTheReferenceOfTheArchitecture(String architecture, String engine) throws IOException {
        Network network = Architectures.named(architecture);
        Weights weights = new FormulaWeights("").of(network);
        float[] image = new FormulaWeights("").images(1, network.inputSize());
        EngineChoice choice = EngineChoice.parse(engine, System.getProperty("graft.device", "cpu"));
        Map<String, String> layers = Map.of(
                "features", network.features(), "logits", network.output().name(), "feature_map", network.featureMap());
        try (Safetensors reference = Safetensors.open(Shared.path("reference/" + architecture + ".safetensors"))) {
            layers.forEach((tensor, layer) -> {
                Network part = network.upTo(TransferLayer.parse(layer));
                try (EmbeddingEngine embedding = choice.load(part, weights, 1, 4)) {
                    float[] expected = reference.tensor(tensor).toArray();
                    float[] actual = java.util.Arrays.copyOf(embedding.embed(image), expected.length);
                    double difference = Closeness.difference(actual, expected);
                    System.out.println(architecture + " " + engine + " " + tensor + " " + difference);
                    assertThat(difference).as(tensor).isLessThan(1e-2);
                }
            });
        }
    }
}

package dev.graft.backbones.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.backbones.Closeness;
import dev.graft.backbones.FormulaWeights;
import dev.graft.backbones.Shared;
import dev.graft.backbones.architecture.Architectures;
import dev.graft.backbones.network.Network;
import dev.graft.backbones.network.TransferLayer;
import dev.graft.backbones.weights.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Compares networks with what timm gives for the same weights, in units of each tensor's standard deviation.
///
/// Features and logits are compared element by element. Feature maps are compared as a whole: the networks amplify the
/// rounding of float32, and single elements of the reference itself are up to 1.2e-4 away from what timm gives in
/// float64.
class ReferenceTest {
    private static final double TOLERANCE = 1e-4;
    private static final String DEVICE = System.getProperty("graft.device", "cpu");

    @ParameterizedTest
    @CsvSource({
        "tf_efficientnet_lite0, onnxruntime",
        "tf_efficientnet_lite0, pytorch",
        "tf_efficientnet_lite1, onnxruntime",
        "tf_efficientnet_lite1, pytorch",
        "tf_efficientnet_lite2, onnxruntime",
        "tf_efficientnet_lite2, pytorch"
    })
    void agreesWithTheReferenceOfTheArchitecture(String architecture, String engine) throws IOException {
        Network network = Architectures.named(architecture);
        requireClose(
                network, new FormulaWeights(""), Shared.path("reference/" + architecture + ".safetensors"), engine);
    }

    @ParameterizedTest
    @ValueSource(strings = {"onnxruntime", "pytorch"})
    void agreesWithTimmForOtherWeights(String engine) throws IOException {
        Path expected = Path.of("src/test/resources/dev/graft/backbones/tf_efficientnet_lite0.salt-graft.safetensors");
        requireClose(Architectures.named("tf_efficientnet_lite0"), new FormulaWeights("graft:"), expected, engine);
    }

    @ParameterizedTest
    @CsvSource({
        "efficientnet_lite0, 224",
        "efficientnet_lite0, 161",
        "tf_efficientnet_lite0, 161",
        "efficientnet_lite3, 300"
    })
    void agreesWithTimmForOtherMembersAndSizes(String architecture, int inputSize) throws IOException {
        Path expected = Path.of(
                "src/test/resources/dev/graft/backbones/" + architecture + "." + inputSize + ".salt-graft.safetensors");
        Network network = Architectures.named(architecture).withInputSize(inputSize);
        requireClose(network, new FormulaWeights("graft:"), expected, "onnxruntime");
    }

    private static void requireClose(Network network, FormulaWeights formula, Path expected, String engine)
            throws IOException {
        try (Safetensors reference = Safetensors.open(expected)) {
            for (String tensor : reference.names()) {
                String layer = switch (tensor) {
                    case "features" -> network.features();
                    case "logits" -> network.output().name();
                    case "feature_map" -> network.featureMap();
                    default -> throw new IllegalArgumentException(tensor);
                };
                Network part = network.upTo(TransferLayer.parse(layer));
                float[] wanted = reference.tensor(tensor).toArray();
                float[] image = formula.images(1, network.inputSize());
                try (EmbeddingEngine embedding = choice(engine).load(part, formula.of(part), 1, 4)) {
                    float[] found = Arrays.copyOf(embedding.embed(image), wanted.length);
                    Closeness closeness = Closeness.of(found, wanted);
                    assertThat(closeness.rootMeanSquare()).as(tensor).isLessThan(TOLERANCE);
                    assertThat(closeness.greatest())
                            .as(tensor)
                            .isLessThan(tensor.equals("feature_map") ? 10 * TOLERANCE : TOLERANCE);
                }
            }
        }
    }

    private static EngineChoice choice(String engine) {
        return EngineChoice.parse(engine, engine.equals("pytorch") ? DEVICE : "cpu");
    }
}

package dev.graft.networks.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.networks.Digests;
import dev.graft.networks.FormulaWeights;
import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.TransferLayer;
import dev.graft.networks.quantisation.ActivationRanges;
import dev.graft.networks.quantisation.Quantisation;
import dev.graft.networks.quantisation.Range;
import dev.graft.networks.quantisation.WeightBits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The bytes of models. They are parts of bundles that are named by digests, so a change of how graphs are made must
/// not change them. The digests are never edited: a model that must differ is another model.
class GraphDigestTest {
    private static final FormulaWeights FORMULA = new FormulaWeights("golden");

    @ParameterizedTest
    @CsvSource({
        "tf_efficientnet_lite0, 224, af92abbd09b8e58da69b6934a9e341909cd6441c9ce0f9155f701a11595f2211",
        "resnet18, 161, e4e124c4b3a3cfbab3a222e4bac0863d784308d132e60c217a4e2b7d60e0c572",
        "densenet121, 161, 94c89c47e6c3415c51d5d775d2c4efcb4fab1be7760bf2769f58ec04beaa0ea1",
        "inception_v3, 161, 50007b30b2995a089ba49c6b469ff51f3bbcc6466a988628d11778b7cc3807f7",
        "convnext_tiny, 161, 179490803342860ba08473120d5f3ca7eabbe2615b095bd8b2114eb0170ad471"
    })
    void ofFeaturesInFloat32(String architecture, int inputSize, String digest) throws IOException {
        Network network = network(architecture, inputSize);
        assertThat(digest(BackboneExport.features(network, FORMULA.of(network))))
                .isEqualTo(digest);
    }

    /// At 226 pixels the images get a fourth channel, at 224 they are convolved in blocks.
    @ParameterizedTest
    @CsvSource({
        "tf_efficientnet_lite0, 224, EIGHT, d7ab53b81689154ce3b7caa598e0064b3a029bf2aa93201c92711c729b31a6bc",
        "tf_efficientnet_lite0, 226, SEVEN, 0f452a927587316f511f5a09f3ecaf417b98dfe5f91c3bdc6a809f9f8871eb0b",
        "resnet18, 224, SEVEN, 38d3bade0c175dcd4c324bb9ecb786c16fdc950806558f42b992da94eb9fd8ef",
        "mobilenetv2_100, 161, EIGHT, b5fd6373f3610652d2523dffe48929b602a3ab3e41190ebb052f2de5174e7778",
        "densenet121, 161, EIGHT, db550446b956e2008c774eb475ef0f71cbb412c11c54df3c265bdaa9117c222f"
    })
    void ofFeaturesInEightBits(String architecture, int inputSize, WeightBits bits, String digest) throws IOException {
        Network network = network(architecture, inputSize);
        Quantisation quantisation = quantisation(architecture, network, bits);
        assertThat(digest(BackboneExport.features(network, FORMULA.of(network), Optional.of(quantisation))))
                .isEqualTo(digest);
    }

    @ParameterizedTest
    @CsvSource({
        "tf_efficientnet_lite0, 224, c4fefe8222a60bb11e9a97df477cb57df28a95f27b626cfe96cc06d11a0f4df5",
        "densenet121, 161, 053b8a507703cfd61d02b584df5f354c70130ec334185276e3ebdeffe67000b3"
    })
    void ofTheMeasurementOfRanges(String architecture, int inputSize, String digest) throws IOException {
        Network network = network(architecture, inputSize);
        assertThat(digest(BackboneExport.measuring(network, FORMULA.of(network))))
                .isEqualTo(digest);
    }

    private static Network network(String architecture, int inputSize) {
        Network whole = Architectures.named(architecture);
        return whole.withInputSize(inputSize).upTo(new TransferLayer(whole.features(), false));
    }

    private static Quantisation quantisation(String name, Network network, WeightBits bits) {
        SequencedMap<String, Range> ranges = new LinkedHashMap<>();
        List<String> values = BackboneExport.eightBitValues(network);
        for (String value : values) {
            int number = Math.floorMod(value.hashCode(), 1000);
            float minimum = number % 3 == 0 ? 0 : -1 - number / 700f;
            ranges.put(value, new Range(minimum, 1 + number / 300f));
        }
        String weights = "0".repeat(64);
        String preprocessing = "1".repeat(64);
        return new Quantisation(new ActivationRanges(name, weights, preprocessing, "noise", 4, "rule", ranges), bits);
    }

    private static String digest(OnnxModel model) throws IOException {
        return Digests.sha256(new ByteArrayInputStream(model.toBytes()));
    }
}

package dev.graft.backbones.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.backbones.Shared;
import dev.graft.backbones.network.Network;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitecturesTest {
    @ParameterizedTest
    @ValueSource(strings = {"tf_efficientnet_lite0", "tf_efficientnet_lite1", "tf_efficientnet_lite2"})
    void haveTimmsTensorNamesAndShapes(String name) throws IOException {
        assertThat(Architectures.named(name).parameters())
                .extracting(parameter -> parameter.name() + "\t" + parameter.shape())
                .containsExactlyInAnyOrderElementsOf(
                        Files.readAllLines(Shared.path("reference/" + name + ".tensors.tsv")));
    }

    /// The counts are those of timm 1.0.31.
    @ParameterizedTest
    @CsvSource({
        "efficientnet_lite0, 4652008, 224",
        "efficientnet_lite1, 5416680, 240",
        "efficientnet_lite2, 6092072, 260",
        "efficientnet_lite3, 8197096, 300",
        "efficientnet_lite4, 13006568, 380"
    })
    void haveTimmsNumbersOfParametersAndInputSizes(String name, long parameters, int inputSize) {
        for (String flavour : new String[] {name, "tf_" + name}) {
            Network network = Architectures.named(flavour);
            assertThat(network.parameterCount()).isEqualTo(parameters);
            assertThat(network.inputSize()).isEqualTo(inputSize);
        }
    }

    @Test
    void refusesUnknownNamesAndListsTheKnownOnes() {
        assertThatThrownBy(() -> Architectures.named("alexnet"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("alexnet")
                .hasMessageContaining("tf_efficientnet_lite0");
    }

    @Test
    void buildsEveryArchitectureItLists() {
        assertThat(Architectures.names())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(Architectures.named(name).name()).isEqualTo(name));
    }
}

package dev.graft.networks.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.networks.network.Network;
import dev.graft.networks.network.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitecturesTest {
    private static final Path REFERENCES = Path.of("src/test/resources/dev/graft/networks/reference");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tf_efficientnet_lite0",
                "tf_efficientnet_lite1",
                "tf_efficientnet_lite2",
                "efficientnet_b0",
                "mobilenetv1_100",
                "mobilenetv2_100",
                "resnet50",
                "densenet121",
                "densenet169",
                "densenet201",
                "inception_v3",
                "inception_resnet_v2",
                "legacy_xception",
                "vgg16",
                "vgg19",
                "convnext_tiny",
                "vit_small_patch14_dinov2"
            })
    void haveTimmsTensorNamesAndShapes(String name) throws IOException {
        assertThat(Architectures.named(name).parameters())
                .extracting(parameter -> parameter.name() + "\t" + parameter.shape())
                .containsExactlyInAnyOrderElementsOf(Files.readAllLines(REFERENCES.resolve(name + ".tensors.tsv")));
    }

    /// The counts are those of timm 1.0.31.
    @ParameterizedTest
    @CsvSource({
        "efficientnet_lite0, 4652008, 224",
        "efficientnet_lite1, 5416680, 240",
        "efficientnet_lite2, 6092072, 260",
        "efficientnet_lite3, 8197096, 300",
        "efficientnet_lite4, 13006568, 380",
        "tf_efficientnet_lite0, 4652008, 224",
        "tf_efficientnet_lite1, 5416680, 240",
        "tf_efficientnet_lite2, 6092072, 260",
        "tf_efficientnet_lite3, 8197096, 300",
        "tf_efficientnet_lite4, 13006568, 380",
        "efficientnet_b0, 5288548, 224",
        "mobilenetv1_100, 4231976, 224",
        "mobilenetv2_100, 3504872, 224",
        "resnet18, 11689512, 224",
        "resnet34, 21797672, 224",
        "resnet50, 25557032, 224",
        "resnet101, 44549160, 224",
        "resnet152, 60192808, 224",
        "densenet121, 7978856, 224",
        "densenet169, 14149480, 224",
        "densenet201, 20013928, 224",
        "inception_v3, 23834568, 299",
        "inception_resnet_v2, 55843464, 299",
        "legacy_xception, 22855952, 299",
        "vgg16, 138357544, 224",
        "vgg19, 143667240, 224",
        "convnext_tiny, 28589128, 224",
        "vit_small_patch14_dinov2, 21628800, 224"
    })
    void haveTimmsNumbersOfParametersAndInputSizes(String name, long parameters, int inputSize) {
        Network network = Architectures.named(name);
        assertThat(network.parameterCount()).isEqualTo(parameters);
        assertThat(network.inputSize()).isEqualTo(inputSize);
    }

    /// The numbers in the names of the residual, dense and VGG networks, the 28 layers of MobileNet's paper,
    /// section 3.1, and the 48 by which Inception v3 is known; of ConvNeXt and the transformer, the sum over
    /// their tables.
    @ParameterizedTest
    @CsvSource({
        "vgg16, 16",
        "vgg19, 19",
        "resnet18, 18",
        "resnet34, 34",
        "resnet50, 50",
        "resnet101, 101",
        "resnet152, 152",
        "densenet121, 121",
        "densenet169, 169",
        "densenet201, 201",
        "mobilenetv1_100, 28",
        "mobilenetv2_100, 53",
        "inception_v3, 48",
        "convnext_tiny, 59",
        "vit_small_patch14_dinov2, 49"
    })
    void areAsDeepAsTheyAreKnownFor(String name, int depth) {
        assertThat(Architectures.named(name).depth()).isEqualTo(depth);
    }

    @Test
    void transformersTakeSizesOfWholePatchesOnly() {
        Network vit = Architectures.named("vit_small_patch14_dinov2");
        assertThat(vit.withInputSize(280).upToNode(vit.featureMap()).outputShape())
                .isEqualTo(Shape.of(401, 384));
        assertThatThrownBy(() -> vit.withInputSize(240))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("240x240")
                .hasMessageContaining("multiple of 14");
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

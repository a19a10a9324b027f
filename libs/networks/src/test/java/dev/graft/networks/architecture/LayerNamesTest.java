package dev.graft.networks.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.networks.network.Network;
import dev.graft.networks.network.Node;
import dev.graft.networks.network.Shape;
import dev.graft.networks.network.TransferLayer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The names by which people know the layers of the classic networks.
class LayerNamesTest {
    @ParameterizedTest
    @CsvSource({
        "vgg16, block5_pool, 25088",
        "vgg16, block5_pool:pooled, 512",
        "vgg16, block5, 25088",
        "vgg16, block4:pooled, 512",
        "vgg16, block3_conv3:pooled, 256",
        "vgg16, fc1, 4096",
        "vgg16, fc2, 4096",
        "vgg16, head.fc, 1000",
        "vgg19, block5_conv4, 100352",
        "resnet18, layer4:pooled, 512",
        "resnet50, layer4, 100352",
        "resnet50, layer4:pooled, 2048",
        "resnet50, layer3.5:pooled, 1024",
        "resnet50, fc, 1000",
        "densenet121, denseblock4:pooled, 1024",
        "densenet121, features.denseblock3:pooled, 1024",
        "densenet121, features.denseblock4.denselayer16:pooled, 1024",
        "densenet201, transition3:pooled, 896",
        "inception_v3, Mixed_7c, 131072",
        "inception_v3, mixed_7c:pooled, 2048",
        "inception_v3, mixed_6e:pooled, 768",
        "inception_resnet_v2, block8:pooled, 2080",
        "inception_resnet_v2, conv2d_7b:pooled, 1536",
        "inception_resnet_v2, mixed_7a:pooled, 2080",
        "inception_resnet_v2, repeat_1.19:pooled, 1088",
        "legacy_xception, block12:pooled, 1024",
        "legacy_xception, conv4:pooled, 2048",
        "legacy_xception, block4:pooled, 728",
        "mobilenetv1_100, blocks.4:pooled, 1024",
        "mobilenetv2_100, blocks.6:pooled, 320",
        "mobilenetv2_100, conv_head:pooled, 1280",
        "efficientnet_b0, blocks.6:pooled, 320",
        "efficientnet_b0, blocks.6.0.se:pooled, 1152",
        "efficientnet_b0, conv_head, 62720"
    })
    void selectLayersForFeatures(String architecture, String layer, int dimension) {
        assertThat(Architectures.named(architecture)
                        .upTo(TransferLayer.parse(layer))
                        .outputShape())
                .isEqualTo(Shape.of(dimension));
    }

    @ParameterizedTest
    @CsvSource({
        "vgg16, block5, block5_pool",
        "vgg16, BLOCK5_Pool, block5_pool",
        "vgg16, block5*, block5_pool",
        "vgg16, block5:pooled, block5_pool:pooled",
        "vgg16, fc2, pre_logits.act2",
        "tf_efficientnet_lite0, Global_Pool, global_pool",
        "inception_v3, mixed_7c, Mixed_7c",
        "convnext_tiny, HEAD.NORM, head.norm"
    })
    void haveOneCanonicalName(String architecture, String written, String canonical) {
        assertThat(Architectures.named(architecture).canonical(TransferLayer.parse(written)))
                .hasToString(canonical);
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void aCanonicalNameStandsForTheLayerThatItNames(String architecture) {
        Network network = Architectures.named(architecture);
        assertThat(Stream.concat(network.nodes().stream().map(Node::name), network.stages().stream()))
                .isNotEmpty()
                .allSatisfy(name -> {
                    TransferLayer layer = network.canonical(new TransferLayer(name, false));
                    assertThat(network.canonical(layer)).isEqualTo(layer);
                    assertThat(network.select(layer.name()).getLast())
                            .isEqualTo(network.select(name).getLast());
                });
    }

    /// Embeddings and bundles that are named by the default layer stay valid.
    @ParameterizedTest
    @MethodSource("architectures")
    void theDefaultLayerIsCanonical(String architecture) {
        Network network = Architectures.named(architecture);
        TransferLayer features = new TransferLayer(network.features(), false);
        assertThat(network.canonical(features)).isEqualTo(features);
    }

    /// The counts are the parameters of the modules in timm.
    @ParameterizedTest
    @CsvSource({
        "vgg16, block5, 7079424",
        "vgg16, fc2, 16781312",
        "resnet50, layer4, 14964736",
        "densenet121, denseblock4, 2158080",
        "densenet121, features.denseblock4.denselayer16, 166080",
        "inception_v3, mixed_7c, 6076800",
        "inception_resnet_v2, block8, 2035424",
        "legacy_xception, conv4, 3163648",
        "legacy_xception, block12, 2039584",
        "efficientnet_b0, conv_head, 412160",
        "efficientnet_b0, blocks.6.0.se, 111792",
        "convnext_tiny, stages.3, 15470592",
        "convnext_tiny, stages.3.blocks.2, 4763136",
        "vit_small_patch14_dinov2, blocks.11, 1775232",
        "vit_small_patch14_dinov2, blocks.11.attn, 591360"
    })
    void selectLayersForTraining(String architecture, String name, long parameters) {
        Network network = Architectures.named(architecture);
        List<Node> chosen = network.select(name);
        assertThat(network.steps().stream()
                        .filter(step -> chosen.contains(step.node()))
                        .mapToLong(step -> step.parameterCount())
                        .sum())
                .isEqualTo(parameters);
    }

    /// Else its name would stand for the step alone, and not for the module whose parameters are to be trained.
    @ParameterizedTest
    @MethodSource("architectures")
    void noStepHasTheNameOfAModuleUnlessItEndsAStageOfThatName(String architecture) {
        Network network = Architectures.named(architecture);
        assertThat(network.parameters()).isNotEmpty().allSatisfy(parameter -> {
            String owner = parameter.name();
            int dot = owner.lastIndexOf('.');
            for (dot = owner.lastIndexOf('.', dot - 1); dot > 0; dot = owner.lastIndexOf('.', dot - 1)) {
                String module = owner.substring(0, dot);
                assertThat(network.nodes())
                        .filteredOn(node -> node.name().equals(module))
                        .allMatch(node -> node.stage().equals(module));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void theFeaturesOfEveryNetworkAreItsGlobalPool(String architecture) {
        Network network = Architectures.named(architecture);
        boolean normalised = architecture.startsWith("convnext");
        boolean transformer = architecture.startsWith("vit");
        assertThat(network.features()).isEqualTo(normalised ? "head.norm" : "global_pool");
        assertThat(network.shape("global_pool").rank()).isEqualTo(1);
        assertThat(network.shape(network.featureMap()))
                .matches(shape -> transformer ? shape.isTokens() : shape.isMap());
    }

    static Stream<String> architectures() {
        return Architectures.names().stream();
    }
}

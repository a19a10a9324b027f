package dev.graft.networks.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.networks.architecture.Architectures;
import org.junit.jupiter.api.Test;

class NetworkTest {
    private final Network network = Architectures.named("tf_efficientnet_lite0");

    @Test
    void describesEveryStepInATable() {
        assertThat(network.layers())
                .contains(
                        new Layer("conv_stem", "stem", "Conv2d", Shape.of(32, 112, 112), 864, 864L * 112 * 112),
                        new Layer("classifier", "classifier", "Linear", Shape.of(1000), 1_281_000, 1_280_000))
                .extracting(Layer::parameters)
                .satisfies(counts -> assertThat(
                                counts.stream().mapToLong(Long::longValue).sum())
                        .isEqualTo(network.parameterCount()));
    }

    @Test
    void namesItsStages() {
        assertThat(network.stages())
                .containsExactly(
                        "input",
                        "stem",
                        "blocks.0",
                        "blocks.1",
                        "blocks.2",
                        "blocks.3",
                        "blocks.4",
                        "blocks.5",
                        "blocks.6",
                        "conv_head",
                        "global_pool",
                        "classifier");
    }

    @Test
    void selectsPooledFeaturesByDefault() {
        Network part = network.upTo(new TransferLayer(network.features(), false));
        assertThat(part.outputShape()).isEqualTo(Shape.of(1280));
        assertThat(part.parameters()).extracting(ParameterSpec::name).doesNotContain("classifier.weight");
    }

    @Test
    void selectsAStageFlattenedOrPooled() {
        assertThat(network.upTo(TransferLayer.parse("blocks.4")).outputShape()).isEqualTo(Shape.of(112 * 14 * 14));
        assertThat(network.upTo(TransferLayer.parse("blocks.4:pooled")).outputShape())
                .isEqualTo(Shape.of(112));
    }

    @Test
    void refusesToAverageARowOverPositions() {
        assertThatThrownBy(() -> network.upTo(TransferLayer.parse("global_pool:pooled")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void selectsAnyStepByName() {
        assertThat(network.upTo(TransferLayer.parse("blocks.1.1.conv_dw:pooled"))
                        .outputShape())
                .isEqualTo(Shape.of(144));
        assertThat(network.upToNode(network.featureMap()).outputShape()).isEqualTo(Shape.of(1280, 7, 7));
    }

    @Test
    void poolsTokensByTheirClassTokenWhereThereIsOne() {
        Network vit = Architectures.named("vit_small_patch14_dinov2");
        Network pooled = vit.upTo(TransferLayer.parse("norm:pooled"));
        assertThat(pooled.output().op()).isEqualTo(vit.output().op()).isInstanceOf(TransformerOp.FirstToken.class);
        assertThat(vit.upTo(TransferLayer.parse("blocks.11:pooled")).outputShape())
                .isEqualTo(Shape.of(384));
        assertThat(vit.upTo(TransferLayer.parse("blocks.11")).outputShape()).isEqualTo(Shape.of(257 * 384));
        assertThat(vit.upTo(TransferLayer.parse("patch_embed.proj:pooled"))
                        .output()
                        .op())
                .isInstanceOf(PoolingOp.GlobalAveragePool.class);
        Network convnext = Architectures.named("convnext_tiny");
        assertThat(convnext.upTo(TransferLayer.parse("stages.3:pooled")).outputShape())
                .isEqualTo(Shape.of(768));
        assertThat(convnext.upTo(TransferLayer.parse("stages.1.blocks.0.mlp.act:pooled"))
                        .outputShape())
                .isEqualTo(Shape.of(768));
    }

    @Test
    void refusesLayersThatDoNotExistAndNamesTheStages() {
        assertThatThrownBy(() -> network.upTo(TransferLayer.parse("block9")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("block9")
                .hasMessageContaining("blocks.6");
        assertThatThrownBy(() -> TransferLayer.parse("a:b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNameStandsForAStageThenAStepThenAModuleThenAPattern() {
        assertThat(network.select("conv_head")).extracting(Node::name).containsExactly("conv_head", "bn2", "bn2.act");
        assertThat(network.select("BN2")).extracting(Node::name).containsExactly("bn2");
        assertThat(network.select("blocks.1.0"))
                .hasSize(8)
                .allSatisfy(node -> assertThat(node.name()).startsWith("blocks.1.0."));
        assertThat(network.select("blocks.1"))
                .containsAll(network.select("blocks.1.0"))
                .containsAll(network.select("blocks.1.1"));
        assertThat(network.select("blocks.*.conv_dw"))
                .hasSize(16)
                .allSatisfy(node -> assertThat(node.op()).isInstanceOf(Op.Conv2d.class));
        assertThat(network.select("CONV*")).containsAll(network.select("conv_head"));
        assertThat(network.select("*ks.0.*v_d*")).isNotEmpty();
        assertThatThrownBy(() -> network.select("block")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> network.select("conv_head*head")).isInstanceOf(IllegalArgumentException.class);
    }

    /// A regular expression of so many stars would try more ways to fit them than there is time for.
    @Test
    void aPatternMayHaveAnyNumberOfStars() {
        String stars = "*".repeat(1000);
        assertThat(network.select("blocks" + stars + "conv_dw")).isEqualTo(network.select("blocks*conv_dw"));
        assertThatThrownBy(() -> network.select(stars + "z")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesImagesOfOtherSizes() {
        assertThat(network.withInputSize(161).upToNode("bn2.act").outputShape()).isEqualTo(Shape.of(1280, 6, 6));
        assertThat(network.withInputSize(320).parameterCount()).isEqualTo(network.parameterCount());
        assertThat(network.withInputSize(8).outputShape()).isEqualTo(Shape.of(1000));
    }

    @Test
    void isAsDeepAsItsLongestRowOfWeightedLayers() {
        NetworkBuilder builder = new NetworkBuilder("net", 8).conv("stem", 4, Window.square(1));
        builder.batchNorm("bn", 1e-5);
        String shortcut = builder.last();
        builder.conv("one", 4, Window.square(1))
                .conv("two", 4, Window.square(1))
                .add("sum", shortcut);
        assertThat(builder.build("sum", "sum").depth()).isEqualTo(3);
        assertThat(network.depth()).isEqualTo(49 + 1);
    }

    @Test
    void builderRefusesTwoStepsOfOneName() {
        NetworkBuilder builder = new NetworkBuilder("net", 8).conv("conv", 4, Window.square(1));
        assertThatThrownBy(() -> builder.conv("conv", 4, Window.square(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("conv");
        assertThatThrownBy(() -> builder.resumeAt("nowhere")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void transferLayersHaveAWrittenForm() {
        assertThat(TransferLayer.parse("blocks.4:pooled")).hasToString("blocks.4:pooled");
        assertThat(TransferLayer.parse("global_pool")).hasToString("global_pool");
    }
}

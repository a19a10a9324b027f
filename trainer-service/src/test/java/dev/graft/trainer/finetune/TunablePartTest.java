package dev.graft.trainer.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Node;
import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.network.Shape;
import dev.graft.networks.network.TransferLayer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TunablePartTest {
    private static final Network NETWORK = features("tf_efficientnet_lite0", "global_pool");

    private static Network features(String architecture, String layer) {
        return Architectures.named(architecture).upTo(TransferLayer.parse(layer));
    }

    @Test
    void cutsBelowTheLowestStageAndPutsTheHeadOnTop() {
        TunablePart part = TunablePart.of(NETWORK, List.of("blocks.6"), List.of(7));
        assertThat(part.trunk()).hasValueSatisfying(trunk -> {
            assertThat(trunk.outputShape().rank()).isEqualTo(1);
            assertThat(trunk.outputShape().elements())
                    .isEqualTo(part.upper().inputShape().elements());
            assertThat(trunk.nodes()).extracting(Node::stage).doesNotContain("blocks.6");
        });
        assertThat(part.upper().outputShape()).isEqualTo(Shape.of(7));
        assertThat(part.trained()).extracting(Node::stage).containsOnly("blocks.6", "graft_head");
        assertThat(part.upper().parameters())
                .extracting(ParameterSpec::name)
                .contains("conv_head.weight", "graft_head.0.weight", "graft_head.0.bias");
    }

    @Test
    void layersOfAHeadFollowEachOther() {
        TunablePart part = TunablePart.of(NETWORK, List.of("conv_head"), List.of(16, 8, 3));
        assertThat(part.upper().parameters().stream()
                        .filter(parameter -> parameter.name().startsWith("graft_head"))
                        .map(ParameterSpec::shape))
                .containsExactly(
                        Shape.of(16, 1280), Shape.of(16), Shape.of(8, 16), Shape.of(8), Shape.of(3, 8), Shape.of(3));
    }

    @Test
    void everythingBeginsWithTheImage() {
        TunablePart part = TunablePart.of(NETWORK, List.of("all"), List.of(2));
        assertThat(part.trunk()).isEmpty();
        assertThat(part.upper().takesImages()).isTrue();
    }

    @Test
    void leavesTheHeadAloneWhereNoStageIsNamed() {
        TunablePart part = TunablePart.of(NETWORK, List.of(), List.of(16, 3));
        assertThat(part.trunk()).hasValueSatisfying(trunk -> {
            assertThat(trunk.parameters()).isEqualTo(NETWORK.parameters());
            assertThat(trunk.outputShape()).isEqualTo(Shape.of(1280));
        });
        assertThat(part.upper().inputShape()).isEqualTo(Shape.of(1280));
        assertThat(part.upper().parameters())
                .extracting(ParameterSpec::shape)
                .containsExactly(Shape.of(16, 1280), Shape.of(16), Shape.of(3, 16), Shape.of(3));
        assertThat(part.trained()).extracting(Node::stage).containsOnly("graft_head");
        assertThat(TunablePart.of(features("vgg16", "block5_pool"), List.of(), List.of(2))
                        .upper()
                        .outputShape())
                .isEqualTo(Shape.of(2));
    }

    @Test
    void takesFlattenedLayersToo() {
        TunablePart part = TunablePart.of(features("vgg16", "block5_pool"), List.of("block5"), List.of(64, 2));
        assertThat(part.upper().outputShape()).isEqualTo(Shape.of(2));
        assertThat(part.upper().parameters()).extracting(ParameterSpec::shape).contains(Shape.of(64, 512 * 7 * 7));
    }

    @Test
    void refusesWhatHasNothingToTrain() {
        for (String stage : List.of("block5", "global_pool", "classifier")) {
            assertThatThrownBy(() -> TunablePart.of(NETWORK, List.of("blocks.6", stage), List.of(2)))
                    .as(stage)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(stage);
        }
    }
}

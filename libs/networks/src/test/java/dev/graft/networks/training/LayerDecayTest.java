package dev.graft.networks.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Node;
import dev.graft.networks.network.TransferLayer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerDecayTest {
    private static final Network NETWORK = Architectures.named("resnet50").upTo(TransferLayer.parse("global_pool"));

    @Test
    void theLastTrainedStageLearnsAtTheFullRateAndEachBelowAtAShareOfTheNext() {
        assertThat(new LayerDecay(0.5).factors(NETWORK, NETWORK.nodes()))
                .containsExactly(
                        entry("stem", 0.0625),
                        entry("layer1", 0.125),
                        entry("layer2", 0.25),
                        entry("layer3", 0.5),
                        entry("layer4", 1.));
        assertThat(new LayerDecay(1).factors(NETWORK, NETWORK.nodes()).values()).containsOnly(1.);
    }

    @Test
    void onlyTrainedStagesCount() {
        List<Node> trained = new ArrayList<>(NETWORK.select("layer4"));
        trained.addAll(NETWORK.select("layer2.3.conv*"));
        trained.addAll(NETWORK.select("global_pool"));
        assertThat(new LayerDecay(0.5).factors(NETWORK, trained))
                .containsExactly(entry("layer2", 0.5), entry("layer4", 1.));
        assertThat(new LayerDecay(0.5).factors(NETWORK, List.of())).isEmpty();
    }

    @Test
    void refusesFactorsThatDoNotDecay() {
        for (double decay : new double[] {0, -0.5, 1.5, Double.NaN}) {
            assertThatThrownBy(() -> new LayerDecay(decay)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}

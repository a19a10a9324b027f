package dev.graft.networks.folding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.folding.Folding.Folded;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.NetworkBuilder;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.Step;
import dev.graft.networks.network.TransformerOp;
import dev.graft.networks.network.Window;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FoldingTest {
    @Test
    void foldsConvolutionsAndLinearLayersWithWhatOnlyMultipliesAndShiftsTheirChannels() {
        NetworkBuilder net = new NetworkBuilder("net", 4).conv("conv", 3, Window.square(1));
        net.batchNorm("bn", 1e-5).conv("conv2", 3, Window.square(1)).then("scale", new Op.Scale(0.5));
        net.then("tokens", new TransformerOp.MapToTokens()).then("linear", new Op.Linear(3, true));
        net.then("gamma", new TransformerOp.LayerScale());
        assertThat(names(net.build("bn", "gamma")))
                .containsExactly("input", "conv+bn", "conv2+scale", "tokens", "linear+gamma");
    }

    @Test
    void leavesAloneWhatAnotherStepReadsOrTheResultIs() {
        NetworkBuilder net = new NetworkBuilder("net", 4).conv("conv", 3, Window.square(1));
        net.batchNorm("bn", 1e-5).add("add", "conv").conv("last", 3, Window.square(1));
        assertThat(names(net.build("bn", "last"))).containsExactly("input", "conv", "bn", "add", "last");
        net.batchNorm("norm", 1e-5).batchNorm("again", 1e-5);
        assertThat(names(net.build("bn", "again"))).containsExactly("input", "conv", "bn", "add", "last+norm", "again");
    }

    /// Where a network is cut between a convolution and its normalisation, that is the first step of the upper
    /// part.
    @Test
    void aNormalisationThatAnUpperPartBeginsWithStandsAlone() {
        Network network = Architectures.named("tf_efficientnet_lite0");
        assertThat(names(network.from("conv_head"))).startsWith("conv_head", "bn2");
        assertThat(names(network.from("blocks.6.0.bn3"))).startsWith("blocks.6.0.bn3", "conv_head+bn2");
    }

    @Test
    void hasEveryStepOnce() {
        for (String name : Architectures.names()) {
            Network network = Architectures.named(name);
            List<Step> steps = new ArrayList<>();
            for (Folded folded : Folding.of(network)) {
                switch (folded) {
                    case Folded.Alone(Step step) -> steps.add(step);
                    case Folded.Pair(Step read, Step reader) -> {
                        steps.add(read);
                        steps.add(reader);
                    }
                }
            }
            assertThat(steps).as(name).containsExactlyInAnyOrderElementsOf(network.steps());
        }
    }

    private static List<String> names(Network network) {
        return Folding.of(network).stream()
                .map(folded -> switch (folded) {
                    case Folded.Alone(Step step) -> step.name();
                    case Folded.Pair(Step read, Step reader) -> read.name() + "+" + reader.name();
                })
                .toList();
    }
}

package dev.graft.networks.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.NetworkBuilder;
import dev.graft.networks.network.Shape;
import dev.graft.networks.network.Window;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightsTest {
    private static final Network NETWORK =
            new NetworkBuilder("net", 4).conv("conv", 1, Window.square(1)).build("conv", "conv");
    private static final FloatTensor FILTER = FloatTensor.of(Shape.of(1, 3, 1, 1), 1, 2, 3);

    @Test
    void acceptsExactlyTheTensorsOfTheNetworkAndItsCounters() {
        Weights weights =
                Weights.of(Map.of("conv.weight", FILTER, "bn.num_batches_tracked", FloatTensor.of(Shape.of(), 0)));
        assertThatCode(() -> weights.requireFor(NETWORK)).doesNotThrowAnyException();
    }

    @Test
    void acceptsModulesThatOnlyHelpTraining() {
        Network network = new NetworkBuilder("net", 4)
                .conv("conv", 1, Window.square(1))
                .auxiliary("aux")
                .build("conv", "conv");
        Weights.of(Map.of("conv.weight", FILTER, "aux.fc.weight", FILTER)).requireFor(network.withInputSize(8));
        assertThatThrownBy(() -> Weights.of(Map.of("conv.weight", FILTER, "auxiliary", FILTER))
                        .requireFor(network))
                .isInstanceOf(MalformedWeightsException.class)
                .hasMessageContaining("auxiliary");
    }

    @Test
    void refusesMissingUnexpectedAndWronglyShapedTensors() {
        assertRefused(Weights.of(Map.of()), Malformation.MISSING_TENSOR, "conv.weight");
        assertRefused(
                Weights.of(Map.of("conv.weight", FILTER, "extra", FILTER)), Malformation.UNEXPECTED_TENSOR, "extra");
        Weights wrong = Weights.of(Map.of("conv.weight", FloatTensor.of(Shape.of(3), 1, 2, 3)));
        assertRefused(wrong, Malformation.WRONG_SHAPE, "conv.weight");
        assertThatThrownBy(() -> wrong.tensor(NETWORK.parameters().getFirst()))
                .isInstanceOf(MalformedWeightsException.class);
    }

    @Test
    void namesTheFirstFewOfManyOffences() {
        Network wide = Architectures.named("tf_efficientnet_lite0");
        assertThatThrownBy(() -> Weights.of(Map.of()).requireFor(wide))
                .hasMessageContaining("tf_efficientnet_lite0 needs blocks.0.0.bn1.bias, ")
                .hasMessageEndingWith(" and 242 more (MISSING_TENSOR)");
    }

    @Test
    void replacesSomeTensorsByOthers() {
        FloatTensor other = FloatTensor.of(Shape.of(1, 3, 1, 1), 4, 5, 6);
        Weights weights =
                Weights.of(Map.of("conv.weight", FILTER, "kept", FILTER)).with(Map.of("conv.weight", other));
        assertThat(weights.names()).containsExactlyInAnyOrder("conv.weight", "kept");
        assertThat(weights.tensor("conv.weight")).isSameAs(other);
        assertThat(weights.tensor("kept")).isSameAs(FILTER);
        assertThat(weights.shape("conv.weight")).isEqualTo(other.shape());
    }

    private static void assertRefused(Weights weights, Malformation malformation, String name) {
        assertThatThrownBy(() -> weights.requireFor(NETWORK))
                .isInstanceOfSatisfying(
                        MalformedWeightsException.class,
                        e -> assertThat(e.malformation()).isEqualTo(malformation))
                .hasMessageContaining(name);
    }
}

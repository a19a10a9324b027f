package dev.graft.networks.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.networks.Closeness;
import dev.graft.networks.FormulaWeights;
import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.network.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PositionGridTest {
    private static final Path EXPECTED =
            Path.of("src/test/resources/dev/graft/networks/positions.salt-graft.safetensors");
    private static final FormulaWeights FORMULA = new FormulaWeights("graft:");
    private static final Network NETWORK = Architectures.named("vit_small_patch14_dinov2");

    /// The tolerance is the rounding of float32: how sums are ordered and steps are fused differs between machines.
    @ParameterizedTest
    @CsvSource({"37, 16", "16, 20", "16, 11", "5, 12"})
    void resamplesAsTimmDoes(int from, int to) throws IOException {
        FloatTensor stored = FORMULA.tensor("grid" + from, Shape.of(1, 1 + from * from, 4));
        FloatTensor resampled = PositionGrid.resample(stored, Shape.of(1, 1 + to * to, 4));
        try (Safetensors expected = Safetensors.open(EXPECTED)) {
            float[] wanted = expected.tensor(from + "to" + to).toArray();
            assertThat(Closeness.of(resampled.toArray(), wanted).greatest()).isLessThan(1e-5);
        }
    }

    @Test
    void leavesPositionsOfTheSameGridAsTheyAre() {
        ParameterSpec positions = positions();
        FloatTensor stored = FORMULA.tensor("pos_embed", positions.shape());
        assertThat(Weights.of(Map.of("pos_embed", stored)).tensor(positions)).isSameAs(stored);
    }

    /// Not a square beside the class token, other channels, another rank, a parameter of another kind.
    @ParameterizedTest
    @ValueSource(strings = {"1x256x384", "1x1x384", "1x0x384", "1x257x192", "2x257x384", "257x384", "1x1370x384x1"})
    void refusesWhatIsNoSquareGridOfTheSameChannels(String shape) {
        Shape extents =
                new Shape(Arrays.stream(shape.split("x")).map(Integer::valueOf).toList());
        Weights weights = Weights.of(Map.of("pos_embed", FORMULA.tensor("pos_embed", extents)));
        assertThatThrownBy(() -> weights.tensor(positions()))
                .isInstanceOf(MalformedWeightsException.class)
                .hasMessageContaining("pos_embed is " + shape);
    }

    @Test
    void resamplesNothingButPositions() {
        ParameterSpec plain = new ParameterSpec("other", Shape.of(1, 257, 384), true);
        Weights weights = Weights.of(Map.of("other", FORMULA.tensor("other", Shape.of(1, 1370, 384))));
        assertThatThrownBy(() -> weights.tensor(plain)).isInstanceOf(MalformedWeightsException.class);
    }

    private static ParameterSpec positions() {
        return NETWORK.parameters().stream()
                .filter(ParameterSpec::positions)
                .findFirst()
                .orElseThrow();
    }
}

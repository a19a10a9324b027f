package dev.graft.networks.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OpTest {
    private static final Shape MAP = Shape.of(8, 5, 6);

    @Test
    void concatenationJoinsMapsOfOneSizeAndRowsOfAny() {
        Op.Concat concat = new Op.Concat();
        assertThat(concat.outputShape(List.of(MAP, Shape.of(3, 5, 6)))).isEqualTo(Shape.of(11, 5, 6));
        assertThat(concat.outputShape(List.of(Shape.of(3), Shape.of(4)))).isEqualTo(Shape.of(7));
        assertThatThrownBy(() -> concat.outputShape(List.of(MAP, Shape.of(8, 5, 5))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> concat.outputShape(List.of(MAP, Shape.of(8))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesMoreThanCanBeCounted() {
        Shape vast = Shape.of(1, 100_000, 100_000);
        assertThatThrownBy(() -> new Op.Flatten().outputShape(List.of(vast)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10000000000");
        assertThatThrownBy(() -> new TransformerOp.MapToTokens().outputShape(List.of(vast)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10000000000");
        assertThatThrownBy(() -> Shape.of(3, 2_000_000_000, 2_000_000_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too many elements");
    }

    @Test
    void excitationTakesAMapAndAFactorForEachChannel() {
        Op.Excite excite = new Op.Excite();
        assertThat(excite.outputShape(List.of(MAP, Shape.of(8, 1, 1)))).isEqualTo(MAP);
        assertThatThrownBy(() -> excite.outputShape(List.of(MAP, Shape.of(7, 1, 1))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> excite.outputShape(List.of(MAP))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void adaptivePoolingOnlyEnlarges() {
        assertThat(new PoolingOp.AdaptiveAveragePool(7).outputShape(List.of(MAP)))
                .isEqualTo(Shape.of(8, 7, 7));
        assertThat(new PoolingOp.AdaptiveAveragePool(6).outputShape(List.of(MAP)))
                .isEqualTo(Shape.of(8, 6, 6));
        assertThat(new PoolingOp.AdaptiveAveragePool(2).outputShape(List.of(MAP)))
                .isEqualTo(MAP);
    }

    @Test
    void addsOnlyTensorsOfOneShape() {
        assertThatThrownBy(() -> new Op.Add().outputShape(List.of(MAP, Shape.of(8, 1, 1))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

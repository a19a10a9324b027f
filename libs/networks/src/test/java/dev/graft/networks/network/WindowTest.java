package dev.graft.networks.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class WindowTest {
    private static final Shape EVEN = Shape.of(3, 224, 224);
    private static final Shape ODD = Shape.of(3, 161, 75);

    @Test
    void samePaddingHalvesRoundingUpAndPutsTheOddRowBelowAndRight() {
        Window window = Window.square(3).stride(2).same();
        assertThat(window.paddingOn(EVEN)).isEqualTo(new Padding.Amounts(0, 0, 1, 1));
        assertThat(window.paddingOn(ODD)).isEqualTo(new Padding.Amounts(1, 1, 1, 1));
        assertThat(window.slideOver(ODD, 8)).isEqualTo(Shape.of(8, 81, 38));
    }

    @Test
    void samePaddingIsNeverNegative() {
        assertThat(Window.square(1).stride(2).same().paddingOn(EVEN)).isEqualTo(new Padding.Amounts(0, 0, 0, 0));
    }

    @Test
    void centredPaddingKeepsTheSizeAtStrideOne() {
        assertThat(Window.square(5).centred().slideOver(ODD, 3)).isEqualTo(ODD);
    }

    @Test
    void refusesMapsSmallerThanTheWindow() {
        assertThatThrownBy(() -> Window.square(7).slideOver(Shape.of(3, 6, 9), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too small");
    }

    @Test
    void averagePoolingRefusesPaddingThatDependsOnTheInput() {
        assertThatThrownBy(() -> new PoolingOp.AveragePool(Window.square(3).same(), false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesGroupsThatDoNotDivideTheChannels() {
        Op.Conv2d conv = new Op.Conv2d(8, Window.square(1), 2, false);
        assertThatThrownBy(() -> conv.outputShape(List.of(EVEN))).isInstanceOf(IllegalArgumentException.class);
    }
}

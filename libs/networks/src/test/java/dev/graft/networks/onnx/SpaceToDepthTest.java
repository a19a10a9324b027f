package dev.graft.networks.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.networks.network.Padding;
import dev.graft.networks.network.Shape;
import dev.graft.networks.network.Window;
import dev.graft.networks.weights.FloatTensor;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpaceToDepthTest {
    private static final int OUT = 8;
    private static final int ROWS = 9;
    private static final int COLUMNS = 16;

    @ParameterizedTest
    @CsvSource({"3, 1", "5, 2", "7, 3", "3, same", "5, same", "7, same"})
    void giveTheSameNumbersInTheSameOrder(int size, String padding) {
        Window window = Window.square(size).stride(2);
        SlidingWindow sweep =
                sweep(padding.equals("same") ? window.same() : window.padded(Integer.parseInt(padding)), COLUMNS);
        assertThat(SpaceToDepth.suits(sweep)).isTrue();
        SpaceToDepth blocks = new SpaceToDepth(sweep);
        Random random = new Random(size);
        float[] map = integers(random, 3 * ROWS * COLUMNS);
        Shape filterShape = Shape.of(OUT, 3, size, size);
        FloatTensor filters = FloatTensor.of(filterShape, integers(random, Math.toIntExact(filterShape.elements())));

        float[] expected = convolved(map, filters, sweep);
        FloatTensor wide = blocks.filters(filters);
        assertThat(wide.shape()).isEqualTo(blocks.filterShape(filterShape));
        // Sums of small integers are exact in any order.
        assertThat(convolved(map, wide, blocks.ofBlocks())).containsExactly(expected);
    }

    @Test
    void giveEachBiasToBothResults() {
        assertThat(SpaceToDepth.biases(FloatTensor.of(Shape.of(3), 1, 2, 3)).toArray())
                .containsExactly(1, 2, 3, 1, 2, 3);
    }

    @Test
    void suitConvolutionsThatHalveWholeBlocksOnly() {
        Window halving = Window.square(3).stride(2);
        assertThat(SpaceToDepth.suits(sweep(halving.padded(1), 18))).isFalse();
        assertThat(SpaceToDepth.suits(sweep(halving, COLUMNS))).isFalse();
        assertThat(SpaceToDepth.suits(sweep(Window.square(3).centred(), COLUMNS)))
                .isFalse();
    }

    private static SlidingWindow sweep(Window window, int columns) {
        Padding.Amounts pads = window.paddingOn(Shape.of(3, ROWS, columns));
        int rows = (ROWS + pads.top() + pads.bottom() - window.height()) / window.stride() + 1;
        int across = (columns + pads.left() + pads.right() - window.width()) / window.stride() + 1;
        return SlidingWindow.of(window, Shape.of(3, ROWS, columns), Shape.of(OUT, rows, across));
    }

    /// Convolves a map `[height, width, channels]` by the definition.
    private static float[] convolved(float[] map, FloatTensor filters, SlidingWindow sweep) {
        Shape out = sweep.output();
        Shape in = sweep.input();
        float[] result = new float[Math.toIntExact(out.elements())];
        for (int i = 0; i < result.length; i++) {
            int filter = i % out.at(0);
            int top = i / out.at(0) / out.at(2) * sweep.strideDown()
                    - sweep.pads().top();
            int left = i / out.at(0) % out.at(2) * sweep.strideAcross()
                    - sweep.pads().left();
            for (int at = 0; at < sweep.height() * sweep.width() * in.at(0); at++) {
                int channel = at % in.at(0);
                int x = at / in.at(0) % sweep.width();
                int y = at / in.at(0) / sweep.width();
                int row = top + y;
                int column = left + x;
                if (row >= 0 && row < in.at(1) && column >= 0 && column < in.at(2)) {
                    result[i] += map[(row * in.at(2) + column) * in.at(0) + channel]
                            * filters.at(
                                    (((long) filter * in.at(0) + channel) * sweep.height() + y) * sweep.width() + x);
                }
            }
        }
        return result;
    }

    private static float[] integers(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(-9, 10);
        }
        return values;
    }
}

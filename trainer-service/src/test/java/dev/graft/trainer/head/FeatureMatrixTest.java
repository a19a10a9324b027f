package dev.graft.trainer.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class FeatureMatrixTest {
    private static final float[][] ROWS = {{1, 2}, {3, 4}, {5, 6}};

    @Test
    void keepsItsMemoryUntilTheLastLoanIsReturned() {
        FeatureMatrix matrix = FeatureMatrix.of(ROWS);
        FeatureMatrix.Loan first = matrix.lend(0, 1);
        FeatureMatrix.Loan second = matrix.lend(1, 2);
        FloatBuffer lent = second.bytes().order(ByteOrder.nativeOrder()).asFloatBuffer();

        matrix.close();
        first.close();
        first.close();
        matrix.close();

        assertThat(lent.get(3)).isEqualTo(6);
        second.close();
        assertThatThrownBy(() -> lent.get(3)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void lendsNothingOnceItsOwnerHasClosedIt() {
        FeatureMatrix matrix = FeatureMatrix.of(ROWS);
        FeatureMatrix.Loan open = matrix.lend(0, 1);
        matrix.close();

        assertThatThrownBy(() -> matrix.lend(0, 1)).isInstanceOf(IllegalStateException.class);
        open.close();
        assertThatThrownBy(() -> matrix.lend(0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> matrix.at(0, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aProductThatStillRunsWhenTheOwnerClosesReadsItsRows() {
        try (Torch.Scope scope = Torch.open()) {
            FeatureMatrix matrix = FeatureMatrix.of(ROWS);
            var rows = scope.view(matrix, 0, 3);
            matrix.close();

            assertThat(Torch.values(scope.product(rows, scope.matrix(new float[] {1, 1}, 2, 1))))
                    .containsExactly(3, 7, 11);
        }
    }
}

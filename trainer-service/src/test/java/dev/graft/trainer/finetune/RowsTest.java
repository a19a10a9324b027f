package dev.graft.trainer.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowsTest {
    @TempDir
    Path directory;

    /// Numbers that half precision has exactly.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesBackWhatWasWritten(boolean half) {
        Path file = directory.resolve("rows");
        try (Rows rows = Rows.create(file, 4, 3, half)) {
            rows.write(1, new float[] {1, -2, 0.5f, 4, 8, -16});
            rows.write(3, new float[] {3, 65_504, -0.25f});
            assertThat(read(rows, 3, 0, 1)).containsExactly(3, 65_504, -0.25f, 0, 0, 0, 1, -2, 0.5f);
            assertThat(file).hasSize(Rows.sizeBytes(4, 3, half));
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void saysWhatIsTooLargeForHalfPrecision() {
        assertThat(Rows.fitHalf(new float[] {1, -65_504})).isTrue();
        assertThat(Rows.fitHalf(new float[] {1, 65_505})).isFalse();
    }

    private static float[] read(Rows rows, int... indices) {
        FloatBuffer target = ByteBuffer.allocateDirect(indices.length * rows.floats() * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        rows.read(indices, target);
        float[] numbers = new float[target.remaining()];
        target.get(numbers);
        return numbers;
    }
}

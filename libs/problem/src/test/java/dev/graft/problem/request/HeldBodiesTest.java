package dev.graft.problem.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class HeldBodiesTest {
    private static final int MAX_SIZE_BYTES = 1_000_000;

    private final HeldBodies bodies = new HeldBodies(2_000_000);

    @Test
    void readsOneByteMoreThanMayBeSoThatALargerBodyShows() throws Exception {
        try (HeldBodies.Held held = bodies.read(body(MAX_SIZE_BYTES + 5), MAX_SIZE_BYTES)) {
            assertThat(held.bytes()).hasSize(MAX_SIZE_BYTES + 1);
        }
        try (HeldBodies.Held held = bodies.read(body(7), MAX_SIZE_BYTES)) {
            assertThat(held.bytes()).isEqualTo(new byte[7]);
        }
    }

    @Test
    void refusesWhatDoesNotFitBesideTheOthersAndForgetsWhatIsClosed() throws Exception {
        try (HeldBodies.Held first = bodies.read(body(800_000), MAX_SIZE_BYTES)) {
            assertThat(bodies.heldBytes()).isEqualTo(first.bytes().length);
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> bodies.read(body(800_000), MAX_SIZE_BYTES))
                    .satisfies(refused -> assertThat(refused.problem().is(ProblemType.TOO_BUSY))
                            .isTrue());
            assertThat(bodies.heldBytes()).isEqualTo(first.bytes().length);
        }
        assertThat(bodies.heldBytes()).isZero();
        bodies.read(body(800_000), MAX_SIZE_BYTES).close();
    }

    @Test
    void letsABodyThatComesAloneInWhateverItsSize() throws Exception {
        HeldBodies few = new HeldBodies(10);

        few.read(body(800_000), MAX_SIZE_BYTES).close();

        assertThat(few.heldBytes()).isZero();
    }

    @Test
    void forgetsABodyThatIsCut() {
        InputStream cut = new InputStream() {
            private int left = 100_000;

            @Override
            public int read() throws IOException {
                if (left-- <= 0) {
                    throw new IOException("cut");
                }
                return 1;
            }
        };

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> bodies.read(cut, MAX_SIZE_BYTES));
        assertThat(bodies.heldBytes()).isZero();
    }

    private static InputStream body(int sizeBytes) {
        return new ByteArrayInputStream(new byte[sizeBytes]);
    }
}

package dev.graft.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeldFilesTest {
    private static final long MAX_BYTES = 1 << 20;

    private final HeldFiles held = new HeldFiles(MAX_BYTES, Duration.ofMillis(50));

    @Test
    void isTooBusyAfterABoundedWait() throws Exception {
        try (HeldFiles.Room _ = held.room(MAX_BYTES / 2);
                HeldFiles.Room _ = held.room(MAX_BYTES / 2)) {
            assertTooBusy(1);
            assertTooBusy(MAX_BYTES);
        }
    }

    @Test
    void hasRoomAgainOnceAFileIsGone() throws Exception {
        try (HeldFiles.Room _ = held.room(MAX_BYTES)) {
            assertTooBusy(1);
        }

        try (HeldFiles.Room _ = held.room(MAX_BYTES)) {
            assertTooBusy(MAX_BYTES);
        }
    }

    @Test
    void hasRoomForOneFileHoweverLarge() throws Exception {
        try (HeldFiles.Room _ = held.room(3 * MAX_BYTES)) {
            assertTooBusy(1);
        }
        try (HeldFiles.Room room = held.room(MAX_BYTES)) {
            assertThat(room).isNotNull();
        }
    }

    private void assertTooBusy(long sizeBytes) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> held.room(sizeBytes))
                .satisfies(refused ->
                        assertThat(refused.problem().is(ProblemType.TOO_BUSY)).isTrue());
    }
}

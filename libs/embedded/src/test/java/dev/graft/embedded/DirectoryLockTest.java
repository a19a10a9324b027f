package dev.graft.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a directory has one server at a time, whichever process asks.
class DirectoryLockTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String TAKEN = "taken";

    @TempDir
    Path directory;

    /// A process of its own that takes the lock of the directory that it is given.
    static final class Taker {
        private Taker() {}

        public static void main(String[] args) throws IOException {
            try (DirectoryLock lock = DirectoryLock.take(Path.of(args[0]))) {
                System.out.print(TAKEN);
            } catch (DirectoryLock.HeldException held) {
                System.out.print(held.getMessage());
            }
        }
    }

    @Test
    void isHeldUntilItIsClosed() throws Exception {
        assertThat(DirectoryLock.wasTaken(directory)).isFalse();
        try (DirectoryLock lock = DirectoryLock.take(directory)) {
            assertThat(takeInAnotherProcess()).contains("another process");
        }
        assertThat(DirectoryLock.wasTaken(directory)).isTrue();
        assertThat(takeInAnotherProcess()).isEqualTo(TAKEN);
    }

    /// POSIX gives up a process's locks of a file when it closes any descriptor of it, so that the descriptor of a
    /// refused attempt must outlive the collector.
    @Test
    void outlivesAttemptsOfItsOwnProcess() throws Exception {
        try (DirectoryLock lock = DirectoryLock.take(directory)) {
            assertThatExceptionOfType(DirectoryLock.HeldException.class)
                    .isThrownBy(() -> DirectoryLock.take(directory))
                    .withMessageContaining("this process");
            collectGarbage();
            assertThat(takeInAnotherProcess()).contains("another process");
        }
    }

    private static void collectGarbage() {
        WeakReference<Object> garbage = new WeakReference<>(new Object());
        await().atMost(PATIENCE).until(() -> {
            System.gc();
            return garbage.refersTo(null);
        });
    }

    private String takeInAnotherProcess() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Taker.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), UTF_8);
    }
}

package dev.graft.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFilesTest {
    private static final int MAX_BYTES = 1 << 20;

    @TempDir
    Path parent;

    @Test
    void removesWhatADeadProcessLeftAndNothingElse() throws Exception {
        Path left = folderOf("killed");
        Path killedBeforeItsFolder = Files.createFile(parent.resolve("graft-ingest-early.lock"));
        Path foreign = Files.writeString(parent.resolve("other.tmp"), "");

        TemporaryFiles files = new TemporaryFiles(parent.resolve("graft-ingest-next"), MAX_BYTES);

        assertThat(left).doesNotExist();
        assertThat(lockOf(left)).doesNotExist();
        assertThat(killedBeforeItsFolder).doesNotExist();
        assertThat(foreign).exists();
        files.close();
    }

    @Test
    void leavesTheFilesOfALivingProcessAlone() throws Exception {
        Path living = folderOf("living");
        Process holder = holdLock(lockOf(living));
        try {
            new TemporaryFiles(parent.resolve("graft-ingest-next"), MAX_BYTES).close();

            assertThat(living.resolve("upload")).exists();
        } finally {
            holder.destroyForcibly();
            assertThat(holder.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }

        new TemporaryFiles(parent.resolve("graft-ingest-last"), MAX_BYTES).close();
        assertThat(living).doesNotExist();
    }

    @Test
    void neverLooksBehindALink() throws Exception {
        Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
        Path precious = Files.writeString(elsewhere.resolve("precious"), "");
        Files.createSymbolicLink(parent.resolve("graft-ingest-trap"), elsewhere);
        Files.createFile(parent.resolve("graft-ingest-trap.lock"));

        new TemporaryFiles(parent.resolve("graft-ingest-next"), MAX_BYTES).close();

        assertThat(precious).exists();
    }

    @Test
    void keepsItsFilesToItselfAndRemovesThemAtTheEnd() throws Exception {
        Path folder = parent.resolve("graft-ingest-mine");
        TemporaryFiles files = new TemporaryFiles(folder, MAX_BYTES);

        assertThat(files.create()).hasParent(folder);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");

        files.close();
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void holdsNoMoreBytesThanItMayUntilSomeAreGone() throws Exception {
        TemporaryFiles files = new TemporaryFiles(parent.resolve("graft-ingest-mine"), MAX_BYTES);
        Path first = files.receive(body(MAX_BYTES - 10), MAX_BYTES);

        assertThatThrownBy(() -> files.receive(body(11), MAX_BYTES))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().status()).isEqualTo(503));
        assertThatThrownBy(() -> files.copy(body(11), MAX_BYTES)).isInstanceOf(IOException.class);
        assertThat(first).hasSize(MAX_BYTES - 10);
        Path last = files.receive(body(10), MAX_BYTES);
        files.discard(first);
        files.discard(last);

        assertThat(files.receive(body(MAX_BYTES), MAX_BYTES)).hasSize(MAX_BYTES);
        files.close();
    }

    private static InputStream body(int bytes) {
        return new ByteArrayInputStream(new byte[bytes]);
    }

    private Path folderOf(String name) throws IOException {
        Path folder = Files.createDirectory(parent.resolve("graft-ingest-" + name));
        Files.writeString(folder.resolve("upload"), "half an archive");
        Files.createFile(lockOf(folder));
        return folder;
    }

    private static Path lockOf(Path folder) {
        return folder.resolveSibling(folder.getFileName() + ".lock");
    }

    /// Locks a file in another process, as only that shows what another process sees.
    private static Process holdLock(Path file) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockHolder.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.inputReader().readLine()).isEqualTo("locked");
        return process;
    }

    /// Holds a lock until it is killed.
    static final class LockHolder {
        public static void main(String[] arguments) throws Exception {
            FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE);
            channel.lock();
            System.out.println("locked");
            new java.util.concurrent.CountDownLatch(1).await();
        }
    }
}

package dev.graft.objectstore.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchFolderTest {
    @TempDir
    Path parent;

    @Test
    void removesWhatADeadProcessLeftAndNothingElse() throws Exception {
        Path left = folderOf("killed");
        Path killedBeforeItsFolder = Files.createFile(parent.resolve("graft-scratch-early.lock"));
        Path foreign = Files.writeString(parent.resolve("other.tmp"), "");

        ScratchFolder files = new ScratchFolder(parent.resolve("graft-scratch-next"));

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
            new ScratchFolder(parent.resolve("graft-scratch-next")).close();

            assertThat(living.resolve("upload")).exists();
        } finally {
            holder.destroyForcibly();
            assertThat(holder.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }

        new ScratchFolder(parent.resolve("graft-scratch-last")).close();
        assertThat(living).doesNotExist();
    }

    @Test
    void isNotMadeWhereAnotherProcessHasIt() throws Exception {
        Path folder = folderOf("taken");
        Process holder = holdLock(lockOf(folder));
        try {
            assertThatThrownBy(() -> new ScratchFolder(folder))
                    .hasRootCauseMessage("another process has locked " + lockOf(folder));
        } finally {
            holder.destroyForcibly();
            assertThat(holder.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void liesByDefaultAmongTemporaryFilesUnderANameOfItsOwn() {
        ScratchConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withMapping(ScratchConfig.class)
                .withSources(new PropertiesConfigSource(
                        Map.of("java.io.tmpdir", "/var/tmp", "quarkus.uuid", "17"), "test", 0))
                .build()
                .getConfigMapping(ScratchConfig.class);

        assertThat(config.directory()).isEqualTo(Path.of("/var/tmp/" + ScratchFolder.PREFIX + "17"));
    }

    @Test
    void neverLooksBehindALink() throws Exception {
        Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
        Path precious = Files.writeString(elsewhere.resolve("precious"), "");
        Files.createSymbolicLink(parent.resolve("graft-scratch-trap"), elsewhere);
        Files.createFile(parent.resolve("graft-scratch-trap.lock"));

        new ScratchFolder(parent.resolve("graft-scratch-next")).close();

        assertThat(precious).exists();
    }

    @Test
    void keepsItsFilesToItselfAndRemovesThemAtTheEnd() throws Exception {
        Path folder = parent.resolve("graft-scratch-mine");
        ScratchFolder files = new ScratchFolder(folder);

        assertThat(files.create(".tmp")).hasParent(folder);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");

        files.close();
        assertThat(parent).isEmptyDirectory();
    }

    private Path folderOf(String name) throws IOException {
        Path folder = Files.createDirectory(parent.resolve("graft-scratch-" + name));
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

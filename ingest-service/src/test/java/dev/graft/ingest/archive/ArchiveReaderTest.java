package dev.graft.ingest.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.ingest.Archives;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArchiveReaderTest {
    private static final ArchiveLimits LIMITS = new ArchiveLimits(100, 1 << 20, 1 << 16);
    private static final ArchiveLimits LARGE_LIMITS = new ArchiveLimits(100, 1 << 24, 1 << 16);

    @TempDir
    Path folder;

    enum Kind {
        ZIP(Archives::zip),
        TAR(Archives::tar),
        TAR_GZIP(Archives::tarGzip);

        private final Function<Map<String, byte[]>, byte[]> writer;

        Kind(Function<Map<String, byte[]>, byte[]> writer) {
            this.writer = writer;
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsFilesInTheOrderOfTheArchive(Kind kind) throws Exception {
        Path archive = write(kind, files("b/2.jpg", "a/1.jpg", "c/d/3.jpg"));

        assertThat(ArchiveFormat.of(archive)).hasValue(ArchiveFormat.valueOf(kind.name()));
        assertThat(read(archive)).containsExactly("b/2.jpg=b/2.jpg", "a/1.jpg=a/1.jpg", "c/d/3.jpg=c/d/3.jpg");
        assertThat(ArchiveReader.survey(archive, LIMITS).files()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void passesOverFoldersAndLitter(Kind kind) throws Exception {
        Path archive = write(
                kind,
                files(
                        "a/",
                        "a/.DS_Store",
                        ".git/config",
                        "__MACOSX/a/._1.jpg",
                        "a/Thumbs.db",
                        "a/b/desktop.ini",
                        "a/1.jpg"));

        assertThat(read(archive)).containsExactly("a/1.jpg=a/1.jpg");
    }

    @ParameterizedTest
    @EnumSource
    void keepsLongAndForeignNames(Kind kind) throws Exception {
        String name = "\u82b1\u0416\u00fc/" + "x".repeat(180) + ".jpg";

        assertThat(read(write(kind, files(name)))).containsExactly(name + "=" + name);
    }

    @ParameterizedTest
    @EnumSource
    void refusesALargeFileByItself(Kind kind) throws Exception {
        Map<String, byte[]> files = files("a/1.jpg");
        files.put("a/large.jpg", new byte[(1 << 16) + 1]);
        files.putAll(files("a/2.jpg"));

        assertThat(read(write(kind, files)))
                .containsExactly("a/1.jpg=a/1.jpg", "a/large.jpg=TooLarge", "a/2.jpg=a/2.jpg");
    }

    @ParameterizedTest
    @EnumSource
    void refusesAnArchiveWithTooManyEntries(Kind kind) throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i <= 100; i++) {
            files.put("a/" + i, new byte[0]);
        }
        Path archive = write(kind, files);

        assertRefused(archive, ArchiveException.Reason.UNSAFE);
    }

    @ParameterizedTest
    @EnumSource
    void refusesAnArchiveThatUnpacksToTooMuch(Kind kind) throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < 17; i++) {
            files.put("a/" + i, new byte[1 << 16]);
        }

        assertRefused(write(kind, files), ArchiveException.Reason.UNSAFE);
    }

    @Test
    void stopsUnpackingABombWithinASkippedEntry() throws Exception {
        byte[] bomb = Archives.gzip(Archives.tar(Map.of("a/1.jpg", new byte[64 << 20])));

        assertThat(bomb.length).isLessThan(1 << 17);
        assertRefused(write("bomb.tar.gz", bomb), ArchiveException.Reason.UNSAFE);
    }

    @ParameterizedTest
    @EnumSource
    void refusesAnArchiveThatIsCutOff(Kind kind) throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>();
        Random random = new Random(7);
        for (int i = 0; i < 5; i++) {
            byte[] noise = new byte[20_000];
            random.nextBytes(noise);
            files.put("a/" + i + ".jpg", noise);
        }
        byte[] whole = kind.writer.apply(files);

        assertRefused(write("cut", Arrays.copyOf(whole, whole.length / 2)), ArchiveException.Reason.UNREADABLE);
    }

    @Test
    void namesADamagedFileAndGoesOnWithTheRest() throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>();
        byte[] noise = new byte[20_000];
        new Random(8).nextBytes(noise);
        files.put("a/1.jpg", noise);
        files.putAll(files("a/2.jpg"));
        byte[] zip = Archives.zip(files);
        zip[10_000] ^= 0x55;

        assertThat(read(write("damaged.zip", zip))).containsExactly("a/1.jpg=Unreadable", "a/2.jpg=a/2.jpg");
    }

    @ParameterizedTest
    @EnumSource
    void doesNotTakeAnInterruptionForDamage(Kind kind) throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>();
        Random random = new Random(9);
        for (int i = 0; i < 20; i++) {
            byte[] noise = new byte[60_000];
            random.nextBytes(noise);
            files.put("a/" + i + ".jpg", noise);
        }
        Path archive = write(kind, files);

        try (ArchiveReader reader = ArchiveReader.open(archive, LARGE_LIMITS)) {
            assertThat(reader.advance()).isTrue();
            Thread.currentThread().interrupt();
            do {
                assertThat(reader.read()).isInstanceOf(ArchivedFile.Readable.class);
            } while (reader.advance());
        } catch (ClosedByInterruptException stopped) {
            assertThat(kind).isEqualTo(Kind.ZIP); // the only one that is read through a channel
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void refusesLinks() throws Exception {
        Path archive = write("link.tar", Archives.tarWithLink("a/1.jpg", "/etc/passwd"));

        assertThat(read(archive)).containsExactly("a/1.jpg=Absent");
    }

    @Test
    void refusesWhatIsNoArchive() throws Exception {
        assertRefused(write("text", "not an archive".getBytes(UTF_8)), ArchiveException.Reason.UNREADABLE);
        assertRefused(write("empty", new byte[0]), ArchiveException.Reason.UNREADABLE);
        assertRefused(write("gzip", Archives.gzip(new byte[] {1, 2, 3})), ArchiveException.Reason.UNREADABLE);
    }

    @ParameterizedTest
    @EnumSource
    void findsNothingInAnEmptyArchive(Kind kind) throws Exception {
        assertThat(read(write(kind, Map.of()))).isEmpty();
    }

    private void assertRefused(Path archive, ArchiveException.Reason reason) {
        assertThatThrownBy(() -> ArchiveReader.survey(archive, LIMITS))
                .isInstanceOfSatisfying(
                        ArchiveException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private Path write(Kind kind, Map<String, byte[]> files) throws IOException {
        return write("archive", kind.writer.apply(files));
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static Map<String, byte[]> files(String... names) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : names) {
            files.put(name, name.endsWith("/") ? new byte[0] : name.getBytes(UTF_8));
        }
        return files;
    }

    private static List<String> read(Path archive) throws Exception {
        List<String> found = new ArrayList<>();
        try (ArchiveReader reader = ArchiveReader.open(archive, LIMITS)) {
            while (reader.advance()) {
                found.add(reader.name().text() + "="
                        + switch (reader.read()) {
                            case ArchivedFile.Readable readable -> new String(readable.bytes(), UTF_8);
                            case ArchivedFile.TooLarge _ -> "TooLarge";
                            case ArchivedFile.Unreadable _ -> "Unreadable";
                            case ArchivedFile.Absent _ -> "Absent";
                        });
            }
        }
        return found;
    }
}

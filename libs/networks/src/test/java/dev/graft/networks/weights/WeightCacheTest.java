package dev.graft.networks.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.networks.Digests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightCacheTest {
    private static final String TEXT = "weights".repeat(1000);
    private static final byte[] BYTES = TEXT.getBytes(StandardCharsets.UTF_8);
    private static final String DIGEST = Digests.sha256(TEXT);

    private final AtomicInteger fetches = new AtomicInteger();

    @TempDir
    private Path directory;

    private WeightCache cache;

    @BeforeEach
    void open() {
        cache = new WeightCache(directory.resolve("cache"));
    }

    private InputStream fetch() {
        fetches.incrementAndGet();
        return new ByteArrayInputStream(BYTES);
    }

    @Test
    void fetchesOnceHoweverManyAskAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Path>> files = IntStream.range(0, 16)
                    .mapToObj(_ -> threads.submit(() -> new WeightCache(cache.directory()).file(DIGEST, this::fetch)))
                    .toList();
            for (Future<Path> file : files) {
                assertThat(file.get()).hasBinaryContent(BYTES);
            }
        }
        assertThat(fetches).hasValue(1);
    }

    @Test
    void fetchesAgainWhatIsDamaged() throws IOException {
        Files.writeString(cache.file(DIGEST, this::fetch), "damaged");

        assertThat(cache.file(DIGEST, this::fetch)).hasBinaryContent(BYTES);
        assertThat(fetches).hasValue(2);
    }

    @Test
    void readsAFileThroughOnceAndAgainOnlyAfterItWasWrittenTo() throws IOException {
        Path file = cache.file(DIGEST, this::fetch);
        FileTime written = Files.getLastModifiedTime(file);
        byte[] other = BYTES.clone();
        other[0]++;
        // As nothing else could write it: in place, with the same size and time. Who reads it through would notice.
        Files.write(file, other);
        Files.setLastModifiedTime(file, written);
        assertThat(cache.file(DIGEST, this::fetch)).hasBinaryContent(other);

        Files.setLastModifiedTime(file, FileTime.from(written.toInstant().plusMillis(1)));
        assertThat(cache.file(DIGEST, this::fetch)).hasBinaryContent(BYTES);
        assertThat(fetches).hasValue(2);
    }

    @Test
    void readsAFileThroughThatTookThePlaceOfAnother() throws IOException {
        Path file = cache.file(DIGEST, this::fetch);
        FileTime written = Files.getLastModifiedTime(file);
        byte[] other = BYTES.clone();
        other[0]++;
        Path replacement = Files.write(directory.resolve("replacement"), other);
        Files.setLastModifiedTime(replacement, written);
        Files.move(replacement, file, StandardCopyOption.ATOMIC_MOVE);

        assertThat(cache.file(DIGEST, this::fetch)).hasBinaryContent(BYTES);
    }

    @Test
    void removesWhatKilledProcessesLeftADayAgo() throws IOException {
        Path abandoned = cache.newPart();
        Path recent = cache.newPart();
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minus(Duration.ofHours(25))));

        Path next = cache.newPart();

        assertThat(abandoned).doesNotExist();
        assertThat(recent).exists();
        assertThat(next).exists();
    }

    @Test
    void leavesNothingBehindWhenTheOriginFails() {
        assertThatThrownBy(() -> cache.file(DIGEST, () -> {
                    throw new IOException("away");
                }))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> cache.file("0".repeat(64), this::fetch))
                .isInstanceOfSatisfying(
                        MalformedWeightsException.class,
                        e -> assertThat(e.malformation()).isEqualTo(Malformation.WRONG_DIGEST));
        assertThat(cache.directory()).isEmptyDirectory();
    }

    /// Files of a folder inside an archive are read by inflating them, which fails where the archive is damaged.
    @Test
    void saysThatAFileCannotBeRead() throws IOException {
        Path archive = directory.resolve("cache.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry(DIGEST + ".safetensors"));
            zip.write(BYTES);
        }
        byte[] bytes = Files.readAllBytes(archive);
        // The entry's bytes begin behind its local header, whose fixed part has 30 bytes.
        int begin = 30 + (DIGEST + ".safetensors").length();
        Arrays.fill(bytes, begin, begin + 8, (byte) -1);
        Files.write(archive, bytes);

        try (FileSystem damaged = FileSystems.newFileSystem(archive)) {
            assertThatThrownBy(() -> new WeightCache(damaged.getPath("/")).file(DIGEST, this::fetch))
                    .isInstanceOf(IOException.class);
        }
        assertThat(fetches).hasValue(0);
    }

    @Test
    void takesOverFilesThatWereWrittenBesideIt() throws IOException {
        Path part = Files.write(cache.newPart(), BYTES);

        Path adopted = cache.adopt(part, DIGEST);

        assertThat(part).doesNotExist();
        assertThat(cache.file(DIGEST, this::fetch)).isEqualTo(adopted);
        assertThat(fetches).hasValue(0);
    }
}

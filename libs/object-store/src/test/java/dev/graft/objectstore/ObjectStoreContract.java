package dev.graft.objectstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The laws of [ObjectStore], for every implementation.
abstract class ObjectStoreContract {
    private static final String TEXT = "text/plain";
    private static final int OVER_ONE_PART_BYTES = (32 << 20) + 12_345;

    @TempDir
    Path directory;

    private final String key = "tests/" + UUID.randomUUID();

    /// Gives an open store.
    abstract ObjectStore store();

    @Test
    void readsWhatWasPut() {
        store().put(key, ObjectContent.of(utf8("hello"), TEXT));

        assertThat(store().read(key, 5)).isEqualTo(utf8("hello"));
    }

    @Test
    void replacesAnObject() {
        store().put(key, ObjectContent.of(utf8("the first, longer one"), TEXT));
        store().put(key, ObjectContent.of(utf8("second"), "text/html"));

        assertThat(store().read(key, 100)).isEqualTo(utf8("second"));
        assertThat(store().head(key)).hasValueSatisfying(info -> {
            assertThat(info.sizeBytes()).isEqualTo(6);
            assertThat(info.contentType()).isEqualTo("text/html");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 70_000, OVER_ONE_PART_BYTES})
    void keepsFilesOfEverySize(int sizeBytes) throws Exception {
        byte[] bytes = random(sizeBytes);
        Path file = Files.write(directory.resolve("file"), bytes);

        store().put(key, ObjectContent.of(file, "application/octet-stream"));

        assertThat(store().read(key, sizeBytes)).isEqualTo(bytes);
        try (InputStream stream = store().open(key)) {
            assertThat(stream.readAllBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void createsOnlyWhereThereIsNothing() {
        assertThat(store().putIfAbsent(key, ObjectContent.of(utf8("first"), TEXT)))
                .isTrue();
        assertThat(store().putIfAbsent(key, ObjectContent.of(utf8("second"), TEXT)))
                .isFalse();

        assertThat(store().read(key, 100)).isEqualTo(utf8("first"));
    }

    @Test
    void letsExactlyOneOfManyCreate() throws Exception {
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int writer = 0; writer < 16; writer++) {
            byte[] bytes = utf8("writer " + writer);
            writers.add(() -> store().putIfAbsent(key, ObjectContent.of(bytes, TEXT)));
        }
        int created = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> outcome : threads.invokeAll(writers)) {
                created += outcome.get() ? 1 : 0;
            }
        }
        assertThat(created).isEqualTo(1);
    }

    @Test
    void createsFromAFile() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "of a file");

        assertThat(store().putIfAbsent(key, ObjectContent.of(file, TEXT))).isTrue();

        assertThat(store().read(key, 100)).isEqualTo(utf8("of a file"));
    }

    @Test
    void refusesAConditionalPutTooLargeForOneRequest() {
        ObjectContent content =
                new ObjectContent.File(directory.resolve("huge"), ObjectContent.MAX_CONDITIONAL_SIZE_BYTES + 1, TEXT);

        assertThatIllegalArgumentException().isThrownBy(() -> store().putIfAbsent(key, content));
    }

    @Test
    void readsExactlyTheRange() {
        store().put(key, ObjectContent.of(utf8("0123456789"), TEXT));

        assertThat(store().readRange(key, 0, 1)).isEqualTo(utf8("0"));
        assertThat(store().readRange(key, 3, 4)).isEqualTo(utf8("3456"));
        assertThat(store().readRange(key, 9, 1)).isEqualTo(utf8("9"));
        assertThat(store().readRange(key, 0, 10)).isEqualTo(utf8("0123456789"));
    }

    @Test
    void refusesARangeNotWhollyInside() {
        store().put(key, ObjectContent.of(utf8("0123456789"), TEXT));

        for (long offset : new long[] {8, 10, 11, 1L << 40}) {
            assertThatExceptionOfType(ObjectRangeException.class)
                    .as("from %d", offset)
                    .isThrownBy(() -> store().readRange(key, offset, 3));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> store().readRange(key, -1, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> store().readRange(key, 0, 0));
    }

    @Test
    void refusesToReadMoreThanTheReaderAccepts() {
        store().put(key, ObjectContent.of(utf8("hello"), TEXT));

        assertThatExceptionOfType(ObjectTooLargeException.class).isThrownBy(() -> store().read(key, 4));
    }

    @Test
    void namesTheKeyThatHasNoObject() {
        assertThatExceptionOfType(ObjectNotFoundException.class)
                .isThrownBy(() -> store().read(key, 10))
                .withMessageContaining(key);
        assertThatExceptionOfType(ObjectNotFoundException.class).isThrownBy(() -> store().open(key));
        assertThatExceptionOfType(ObjectNotFoundException.class).isThrownBy(() -> store().readRange(key, 0, 1));
        assertThat(store().head(key)).isEmpty();
        assertThat(store().exists(key)).isFalse();
    }

    @Test
    void describesAnObject() {
        store().put(key, ObjectContent.of(utf8("hello"), "application/json"));

        assertThat(store().head(key)).hasValueSatisfying(info -> {
            assertThat(info.key()).isEqualTo(key);
            assertThat(info.sizeBytes()).isEqualTo(5);
            assertThat(info.contentType()).isEqualTo("application/json");
            assertThat(Duration.between(info.lastModified(), Instant.now()).abs())
                    .isLessThan(Duration.ofMinutes(1));
        });
    }

    @Test
    void deletesAnObjectOnceAndForAll() {
        store().put(key, ObjectContent.of(utf8("hello"), TEXT));

        store().delete(key);
        store().delete(key);

        assertThat(store().exists(key)).isFalse();
        assertThat(store().putIfAbsent(key, ObjectContent.of(utf8("again"), TEXT)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a/", "a//b", "../a", "a/../b", "./a", "."})
    void refusesKeysThatAreNotPlainPaths(String bad) {
        assertThatIllegalArgumentException().isThrownBy(() -> store().put(bad, ObjectContent.of(utf8("x"), TEXT)));
        assertThatIllegalArgumentException().isThrownBy(() -> store().head(bad));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"with space", "plus+and%25percent", "ümlaut-日本", "a=b&c", "dots.in..name", "~tilde'quote(1)"})
    void takesUnusualCharactersInKeys(String name) {
        String unusual = key + "/" + name;

        store().put(unusual, ObjectContent.of(utf8(name), TEXT));

        assertThat(store().read(unusual, 100)).isEqualTo(utf8(name));
        assertThat(store().exists(unusual)).isTrue();
    }

    @Test
    void answersAPing() {
        store().ping();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] random(int sizeBytes) {
        byte[] bytes = new byte[sizeBytes];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}

package dev.graft.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.graft.embedded.Durability;
import dev.graft.embedded.EmbeddedObjectStore;
import dev.graft.testkit.Gate;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A server that does not answer ends every call in time, and is used again as soon as it does.
class S3DeadlinesIT {
    private static final String KEY = "kept/object";
    private static final byte[] CONTENT = new byte[5 << 20];
    private static final Duration LONGEST = Duration.ofSeconds(5);

    @TempDir
    static Path directory;

    private static EmbeddedObjectStore server;
    private static Gate gate;
    private static S3ObjectStore store;

    @BeforeAll
    static void start() {
        server = EmbeddedObjectStore.start(directory, 0, "access", "secret", "tests", Durability.PROCESS);
        gate = Gate.before("s3", server.endpoint().getPort());
        store = new S3ObjectStore(ObjectStoreSettings.of(
                URI.create("http://127.0.0.1:" + gate.port()), "us-east-1", "tests", "access", "secret"));
        store.put(KEY, content());
    }

    @AfterAll
    static void stop() {
        store.close();
        gate.close();
        server.close();
    }

    @AfterEach
    void pass() {
        gate.set(Gate.State.PASS);
    }

    private record Named(String name, Runnable call) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Named> calls() {
        return Stream.of(
                new Named("put", () -> store.put(KEY, content())),
                new Named("put in parts", () -> store.put(KEY, ObjectContent.of(new byte[9 << 20], "text/plain"))),
                new Named("put if absent", () -> store.putIfAbsent(KEY + "2", content())),
                new Named("read", () -> store.read(KEY, CONTENT.length)),
                new Named("read a range", () -> store.readRange(KEY, 1, 3)),
                new Named("open", () -> store.open(KEY)),
                new Named("head", () -> store.head(KEY)),
                new Named("delete", () -> store.delete(KEY + "3")),
                new Named("ping", store::ping));
    }

    @Test
    void endsEveryCallInTimeWhileTheServerHangs() throws Exception {
        gate.set(Gate.State.HANG);

        // All at once, since each waits as long as it may.
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> ended = calls().map(named -> threads.submit(() -> assertFailsInTime(named)))
                    .toList();
            for (Future<?> one : ended) {
                one.get();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void endsInTimeWhileTheServerRefuses(Named named) {
        gate.set(Gate.State.REFUSE);

        assertFailsInTime(named);
    }

    private static void assertFailsInTime(Named named) {
        long beganNanos = System.nanoTime();
        assertThatExceptionOfType(ObjectStoreUnavailableException.class)
                .as(named.name())
                .isThrownBy(() -> named.call().run());
        assertThat(Duration.ofNanos(System.nanoTime() - beganNanos))
                .as(named.name())
                .isLessThan(LONGEST);
    }

    @ParameterizedTest
    @EnumSource(
            value = Gate.State.class,
            names = {"HANG", "REFUSE"})
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void worksAgainWhenTheServerIsBack(Gate.State away) {
        gate.set(away);
        assertThatExceptionOfType(ObjectStoreUnavailableException.class).isThrownBy(() -> store.head(KEY));

        gate.set(Gate.State.PASS);

        assertThat(store.read(KEY, CONTENT.length)).isEqualTo(CONTENT);
    }

    private static ObjectContent content() {
        return ObjectContent.of(CONTENT, "application/octet-stream");
    }
}

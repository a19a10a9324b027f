package dev.graft.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.graft.embedded.Durability;
import dev.graft.embedded.EmbeddedObjectStore;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3ObjectStoreIT extends ObjectStoreContract {
    private static final String ACCESS_KEY = "access";
    private static final String SECRET_KEY = "secret-of-the-tests";

    @TempDir
    static Path directory;

    private static EmbeddedObjectStore server;
    private static S3ObjectStore store;

    @BeforeAll
    static void start() {
        server = EmbeddedObjectStore.start(directory, 0, ACCESS_KEY, SECRET_KEY, "tests", Durability.FULL);
        store = new S3ObjectStore(settings(server.endpoint(), "tests", SECRET_KEY));
    }

    @AfterAll
    static void stop() {
        store.close();
        server.close();
    }

    @Override
    ObjectStore store() {
        return store;
    }

    @Test
    void createsItsBucketOnce() {
        try (S3ObjectStore other = new S3ObjectStore(settings(server.endpoint(), "another", SECRET_KEY))) {
            assertThatExceptionOfType(ObjectStoreRefusedException.class)
                    .isThrownBy(other::ping)
                    .withMessageContaining("another");

            other.ensureBucket();
            other.ensureBucket();

            other.ping();
        }
    }

    @Test
    void saysThatAMissingBucketIsNotAMissingObject() {
        try (S3ObjectStore other = new S3ObjectStore(settings(server.endpoint(), "nowhere", SECRET_KEY))) {
            assertThatExceptionOfType(ObjectStoreRefusedException.class)
                    .isThrownBy(() -> other.read("key", 1))
                    .satisfies(e -> assertThat(e.retryable()).isFalse());
        }
    }

    @Test
    void isRefusedWithAWrongSecret() {
        try (S3ObjectStore stranger = new S3ObjectStore(settings(server.endpoint(), "tests", "wrong"))) {
            assertThatExceptionOfType(ObjectStoreRefusedException.class)
                    .isThrownBy(() -> stranger.read("key", 1))
                    .withMessageNotContaining("wrong");
        }
    }

    @Test
    void saysThatAServerIsAwayAndNotThatItRefuses() {
        URI nobody = URI.create("http://127.0.0.1:1");
        try (S3ObjectStore lost = new S3ObjectStore(settings(nobody, "tests", SECRET_KEY))) {
            assertThatExceptionOfType(ObjectStoreUnavailableException.class)
                    .isThrownBy(() -> lost.read("key", 1))
                    .satisfies(e -> assertThat(e.retryable()).isTrue());
            assertThatExceptionOfType(ObjectStoreUnavailableException.class).isThrownBy(lost::ping);
        }
    }

    @Test
    void keepsItsObjectsFromStrangers() throws Exception {
        store.put("private", ObjectContent.of(new byte[] {1}, "text/plain"));

        var connection = (HttpURLConnection)
                server.endpoint().resolve("/tests/private").toURL().openConnection();

        assertThat(connection.getResponseCode()).isEqualTo(HttpURLConnection.HTTP_FORBIDDEN);
    }

    @Test
    void keepsItsSecretToItself() {
        assertThat(settings(server.endpoint(), "tests", SECRET_KEY).toString()).doesNotContain(SECRET_KEY);
    }

    private static ObjectStoreSettings settings(URI endpoint, String bucket, String secretKey) {
        return new ObjectStoreSettings(
                endpoint,
                "us-east-1",
                bucket,
                ACCESS_KEY,
                secretKey,
                16,
                Duration.ofSeconds(2),
                Duration.ofSeconds(20));
    }
}

package dev.graft.objectstore.cdi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.graft.objectstore.ObjectStoreSettings;
import dev.graft.objectstore.S3ObjectStore;
import dev.graft.threads.SupervisedThreads;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a person reads who gave a service keys that may not create buckets, and no bucket; or keys that may not
/// even look for it.
class MissingBucketTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Logger LOG = Logger.getLogger(BucketCreation.class.getName());

    private final Queue<String> logged = new ConcurrentLinkedQueue<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            logged.add(((ExtLogRecord) record).getFormattedMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private HttpServer server;
    private S3ObjectStore store;
    private BucketCreation creation;
    private volatile int found = 404;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        store = new S3ObjectStore(ObjectStoreSettings.of(endpoint, "us-east-1", "absent", "who", "proof"));
        creation = new BucketCreation(store, config(endpoint), new SupervisedThreads());
        LOG.addHandler(handler);
    }

    @AfterEach
    void stop() {
        LOG.removeHandler(handler);
        creation.stop(new ShutdownEvent());
        store.close();
        server.stop(0);
    }

    /// Refuses to create buckets, as S3 does.
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(found, -1);
                return;
            }
            byte[] refusal = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>".getBytes(UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Content-Type", "application/xml");
            exchange.sendResponseHeaders(403, refusal.length);
            exchange.getResponseBody().write(refusal);
        }
    }

    @Test
    void saysThatTheKeysMayNotCreateTheBucketAndIsNotReady() {
        creation.start(new StartupEvent());

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(logged)
                                .containsExactly(
                                        "Bucket neither found nor made, trying again bucket=absent "
                                                + "reason=The object store refuses to create bucket absent: AccessDenied (status 403)"));
        assertNotReady("The object store has no bucket absent");
    }

    @Test
    void saysThatTheKeysMayNotLookForTheBucketAndIsNotReady() {
        found = 403;

        creation.start(new StartupEvent());

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(logged)
                        .containsExactly("Bucket neither found nor made, trying again bucket=absent "
                                + "reason=The object store refuses to find bucket absent: AccessDenied (status 403)"));
        assertNotReady("The object store refuses to find bucket absent: AccessDenied (status 403)");
    }

    private void assertNotReady(String reason) {
        HealthCheckResponse answer = new ObjectStoreReadiness(store).call();
        assertThat(answer.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(answer.getData().orElseThrow()).containsEntry("reason", reason);
    }

    private static ObjectStoreConfig config(URI endpoint) {
        return new ObjectStoreConfig() {
            @Override
            public URI endpoint() {
                return endpoint;
            }

            @Override
            public String accessKey() {
                return "who";
            }

            @Override
            public String secretKey() {
                return "proof";
            }

            @Override
            public String bucket() {
                return "absent";
            }

            @Override
            public String region() {
                return "us-east-1";
            }
        };
    }
}

package dev.graft.predict;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.objectstore.ObjectStore;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.ShippedService;
import dev.graft.testkit.ShippedServices;
import dev.graft.testkit.http.RawAnswer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Replaces an instance by another while clients ask, as a Deployment does: an instance has new connections while it is
/// ready and does not have to end, and connections that are open stay where they are.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class RolloutIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /// In which a connection is open and nothing is asked over it; shorter than the delay before the end.
    private static final Duration PAUSE = Duration.ofMillis(500);

    private static final int CLIENTS = 4;
    private static final int REQUESTS_EACH = 5;
    private static final int SIGTERM = 15;

    @Inject
    ObjectStore store;

    private final String name = "rollout-" + UUID.randomUUID();
    private final ShippedServices services = new ShippedServices(Path.of("target", "replaced-service.log"));
    private final AtomicInteger answered = new AtomicInteger();
    private volatile ShippedService current;
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void killWhatIsLeft() throws InterruptedException {
        services.kill();
    }

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void dropsNoRequest() throws Exception {
        services.forgetTheLog();
        try (TestModel model = new TestModel(name, 1, "a", "b");
                ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            Events.publish(model.store(store));
            ShippedService old = ready();
            current = old;
            List<Future<?>> clients = new ArrayList<>();
            try {
                for (int i = 0; i < CLIENTS; i++) {
                    clients.add(threads.submit(this::ask));
                }
                awaitAnswers(clients);

                current = ready();
                CompletableFuture<Integer> end = old.end();
                assertThat(end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(128 + SIGTERM);
                awaitAnswers(clients);
            } finally {
                over.countDown();
            }

            for (Future<?> client : clients) {
                client.get();
            }
        }
    }

    private ShippedService ready() throws IOException {
        ShippedService service = services.start(List.of("-Dquarkus.shutdown.delay=5s"));
        await().atMost(PATIENCE).until(service::isReady);
        return service;
    }

    /// Waits for some answers more.
    private void awaitAnswers(List<Future<?>> clients) {
        int before = answered.get();
        await().atMost(PATIENCE)
                .until(() -> answered.get() >= before + CLIENTS * REQUESTS_EACH
                        || clients.stream().anyMatch(Future::isDone));
    }

    /// Asks now and then until the end, over one connection as long as the service does not say that it closes it.
    private Void ask() throws IOException, InterruptedException {
        byte[] image = TestImages.png(31);
        byte[] head =
                "POST /v1/models/%s/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: %d\r\n\r\n"
                        .formatted(name, image.length)
                        .getBytes(US_ASCII);
        while (over.getCount() > 0) {
            try (Socket connection =
                    new Socket(current.address().getHost(), current.address().getPort())) {
                connection.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
                OutputStream out = connection.getOutputStream();
                RawAnswer answer;
                do {
                    out.write(head);
                    out.write(image);
                    answer = RawAnswer.read(connection.getInputStream());
                    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
                    answered.incrementAndGet();
                } while (!"close".equalsIgnoreCase(answer.headers().get("connection"))
                        && !over.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
            }
        }
        return null;
    }
}

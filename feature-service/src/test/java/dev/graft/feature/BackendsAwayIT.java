package dev.graft.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.testkit.Gate;
import dev.graft.testkit.GatedBackends;
import dev.graft.testkit.Gates;
import dev.graft.testkit.Gates.Backend;
import dev.graft.testkit.Png;
import dev.graft.testkit.TimedRequests;
import dev.graft.testkit.TimedRequests.Answer;
import dev.graft.testkit.http.AwayRequests;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Takes each backend away, stopped and frozen, and brings it back: nobody waits, what needs no backend goes on, and
/// jobs that were accepted before are done afterwards without a restart.
@QuarkusTest
@QuarkusTestResource(value = GatedBackends.class, restrictToAnnotatedClass = true)
class BackendsAwayIT {
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration RECOVERY = Duration.ofSeconds(60);
    private static final Duration COMPUTATION = Duration.ofSeconds(120);

    @Inject
    Stage stage;

    private Gates gates;
    private TimedRequests requests;
    private byte[] image;
    private String imageId;

    @BeforeEach
    void embedAnImage() throws Exception {
        requests = new TimedRequests("http://127.0.0.1:" + RestAssured.port);
        await().atMost(RECOVERY).until(() -> requests.get("/q/health/ready").status() == 200);
        image = drawn();
        imageId = stage.store(image);
        awaitCompleted(begin(imageId));
    }

    @AfterEach
    void bringBack() {
        gates.passAll();
    }

    private String begin(String image) throws Exception {
        Answer accepted = job(image);
        assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
        return new ObjectMapper().readTree(accepted.body()).path("id").asText();
    }

    private Answer job(String image) {
        return requests.send("POST", "/v1/embedding-jobs", "{\"imageIds\":[\"%s\"]}".formatted(image));
    }

    private void awaitCompleted(String job) {
        await().atMost(COMPUTATION)
                .untilAsserted(() -> assertThat(
                                requests.get("/v1/embedding-jobs/" + job).body())
                        .contains("COMPLETED"));
    }

    /// An image that no other test has.
    private static byte[] drawn() {
        BufferedImage image = new BufferedImage(48, 48, BufferedImage.TYPE_INT_RGB);
        new Random(System.nanoTime()).ints(48 * 48L, 0, 1 << 24).forEach(new IntConsumer() {
            private int next;

            @Override
            public void accept(int rgb) {
                image.setRGB(next % 48, next++ / 48, rgb);
            }
        });
        return Png.of(image);
    }

    private Map<String, Supplier<Answer>> paths() {
        Map<String, Supplier<Answer>> paths = new LinkedHashMap<>();
        paths.put("list backbones", () -> requests.get("/v1/backbones"));
        paths.put("embed a body", () -> requests.ask("POST", "/v1/embeddings", "image/png", image));
        paths.put("get an embedding", () -> requests.get("/v1/embeddings/" + imageId));
        paths.put("begin a job", () -> job(imageId));
        paths.put("get a job", () -> requests.get("/v1/embedding-jobs/0123"));
        return paths;
    }

    @ParameterizedTest
    @CsvSource({"DATABASE,HANG", "DATABASE,REFUSE", "OBJECTS,HANG", "OBJECTS,REFUSE", "BROKER,HANG", "BROKER,REFUSE"})
    void nobodyWaitsAndNothingIsLost(Backend backend, Gate.State away) throws Exception {
        Map<String, Integer> usual = new LinkedHashMap<>();
        paths().forEach((name, path) -> usual.put(name, path.get().status()));
        String other = stage.store(drawn());
        String accepted = begin(other);
        gates.of(backend).set(away);

        paths().forEach((name, path) -> {
            Answer answer = path.get();
            assertThat(answer.isAway() || answer.status() == usual.get(name))
                    .as("%s: %s", name, answer)
                    .isTrue();
            assertThat(answer.took()).as(name).isLessThan(LONGEST);
        });
        if (backend == Backend.DATABASE) {
            List.of("get an embedding", "begin a job", "get a job")
                    .forEach(name -> assertThat(paths().get(name).get().isAway())
                            .as(name)
                            .isTrue());
        }
        if (backend == Backend.OBJECTS) {
            assertThat(paths().get("get an embedding").get().isAway()).isTrue();
        }
        assertNotReadyButAlive();

        gates.of(backend).set(Gate.State.PASS);
        await().atMost(RECOVERY).until(() -> requests.get("/q/health/ready").status() == 200);
        awaitCompleted(accepted);
        assertThat(requests.get("/v1/embeddings/" + other).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void everyOperationIsAnsweredInTime(Backend backend) throws Exception {
        String job = begin(imageId);
        awaitCompleted(job);
        String ended = begin(imageId);
        awaitCompleted(ended);
        gates.of(backend).set(Gate.State.HANG);

        AwayRequests asked = AwayRequests.ask(
                URI.create(requests.root()),
                Map.of("name", "tf_efficientnet_lite0.in1k", "imageId", imageId, "/v1/embedding-jobs/{id}", job),
                Map.of("id", ended),
                image);

        assertThat(asked.faults()).isEmpty();
        switch (backend) {
            case DATABASE ->
                assertThat(asked.away())
                        .contains(
                                "GET /v1/embeddings/" + imageId,
                                "GET /v1/embedding-jobs/" + job,
                                "DELETE /v1/embedding-jobs/" + ended);
            case OBJECTS -> assertThat(asked.away()).contains("GET /v1/embeddings/" + imageId);
            case BROKER -> assertThat(asked.away()).containsExactly("GET /v1/dead-letters");
        }
    }

    private void assertNotReadyButAlive() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(requests.get("/q/health/ready").status()).isEqualTo(503));
        assertThat(requests.get("/q/health/ready").took()).isLessThan(LONGEST);
        Answer alive = requests.get("/q/health/live");
        assertThat(alive.status()).as(alive.body()).isEqualTo(200);
    }
}

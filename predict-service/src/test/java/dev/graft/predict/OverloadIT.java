package dev.graft.predict;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.Problem;
import dev.graft.problem.ProblemType;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.http.Overload;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@TestProfile(OverloadIT.OneRequest.class)
class OverloadIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int REQUESTS = 60;
    private static final ExecutorService THREADS = Executors.newFixedThreadPool(6);
    private static final byte[] IMAGE = TestImages.png(40);

    @Inject
    ObjectStore store;

    private final String name = "busy-" + UUID.randomUUID();

    /// Lets one request in.
    public static final class OneRequest implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("graft.predict.max-requests", "1", "graft.predict.threads", "1");
        }
    }

    @Test
    void tellsAClientToComeBackAndThenServesIt() throws Exception {
        try (TestModel model = new TestModel(name, 1, "a", "b")) {
            Events.publish(model.store(store));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> get("/v1/models").then().body("model", hasItem(name)));

            Map<Integer, Long> answers = Stream.generate(() -> CompletableFuture.supplyAsync(this::status, THREADS))
                    .limit(REQUESTS)
                    .toList()
                    .stream()
                    .collect(Collectors.groupingBy(CompletableFuture::join, Collectors.counting()));

            assertThat(answers).containsOnlyKeys(200, 503);
            await().atMost(PATIENCE).untilAsserted(() -> predict().statusCode(200));
        }
    }

    @Test
    void takesNoPlaceForAClientWhoseBodyDoesNotCome() throws Exception {
        try (TestModel model = new TestModel(name, 1, "a", "b")) {
            Events.publish(model.store(store));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> get("/v1/models").then().body("model", hasItem(name)));

            try (Socket slow = new Socket("127.0.0.1", RestAssured.port)) {
                slow.getOutputStream()
                        .write(("POST /v1/models/" + name + "/predict HTTP/1.1\r\nHost: localhost\r\n"
                                        + "Content-Type: image/png\r\nContent-Length: 1000\r\n\r\nx")
                                .getBytes(US_ASCII));
                slow.getOutputStream().flush();

                predict().statusCode(200);
            }
        }
    }

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void staysWithinTheMemoryOfItsContainerHoweverMuchIsSent() throws Exception {
        try (TestModel model = new TestModel(name, 1, "a", "b")) {
            Events.publish(model.store(store));
            Overload.of("predict-service", Overload.images("/v1/models/" + name + "/predict"))
                    .assertBounded();
        }
    }

    @AfterAll
    static void endThreads() {
        THREADS.shutdownNow();
    }

    private int status() {
        ValidatableResponse answer = predict();
        int status = answer.extract().statusCode();
        if (status == 503) {
            answer.header("Retry-After", "1")
                    .contentType(Problem.MEDIA_TYPE)
                    .body("type", equalTo(ProblemType.TOO_BUSY.uri().toString()));
        }
        return status;
    }

    private ValidatableResponse predict() {
        return given().contentType("image/png")
                .body(IMAGE)
                .post("/v1/models/{name}/predict", name)
                .then();
    }
}

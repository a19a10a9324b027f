package dev.graft.predict;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.Problem;
import dev.graft.problem.ProblemType;
import dev.graft.testkit.GraftBackends;
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
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@TestProfile(OverloadIT.OneRequest.class)
class OverloadIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final byte[] PICTURE = TestPictures.png(40);

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
            Events.tell(model.store(store));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> get("/v1/models").then().body("model", hasItem(name)));

            try (Socket slow = new Socket("127.0.0.1", RestAssured.port)) {
                // A request whose body never comes stays under way.
                slow.getOutputStream()
                        .write(("POST /v1/models/" + name + "/predict HTTP/1.1\r\nHost: localhost\r\n"
                                        + "Content-Type: image/png\r\nContent-Length: 1000\r\n\r\nx")
                                .getBytes(US_ASCII));
                slow.getOutputStream().flush();

                await().atMost(PATIENCE)
                        .untilAsserted(() -> predict()
                                .statusCode(503)
                                .header("Retry-After", "1")
                                .contentType(Problem.MEDIA_TYPE)
                                .body("type", equalTo(ProblemType.TOO_BUSY.uri().toString())));
            }
            await().atMost(PATIENCE).untilAsserted(() -> predict().statusCode(200));
        }
    }

    private ValidatableResponse predict() {
        return given().contentType("image/png")
                .body(PICTURE)
                .post("/v1/models/{name}/predict", name)
                .then();
    }
}

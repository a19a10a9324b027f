package dev.graft.predict;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.graft.objectstore.ObjectStore;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// A replica starts when models were published long before.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@QuarkusTestResource(value = RestartIT.PublishedBefore.class, restrictToAnnotatedClass = true)
class RestartIT {
    private static final String NAME = "restart-" + UUID.randomUUID();

    @Test
    void isReadyOnceItServesTheNewestVersions() {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> get("/q/health/ready").then().statusCode(200));

        given().contentType("image/png")
                .body(TestImages.png(30))
                .post("/v1/models/{name}/predict", NAME)
                .then()
                .statusCode(200)
                .body("version", equalTo(3));
    }

    /// Publishes three versions before the application starts.
    public static final class PublishedBefore implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            try (ObjectStore store = TestStore.open()) {
                for (int version = 1; version <= 3; version++) {
                    try (TestModel model = new TestModel(NAME, version, "a", "b")) {
                        Events.publish(model.store(store));
                    }
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return Map.of();
        }

        @Override
        public void stop() {}
    }
}

package dev.graft.predict;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.graft.contracts.ModelPublished;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Nothing listens where object storage should be.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@QuarkusTestResource(value = ObjectStoreAwayIT.Away.class, restrictToAnnotatedClass = true)
class ObjectStoreAwayIT {

    @Test
    void waitsAliveButNotReady() {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(get("/q/health/ready").jsonPath().getInt("checks.find { it.name == 'models' }.data.waiting"))
                    .isPositive();
            get("/q/health/ready").then().statusCode(503).body("status", equalTo("DOWN"));
        });
        get("/q/health/live").then().statusCode(200);
        get("/v2/health/ready").then().statusCode(503).body("ready", equalTo(false));
        get("/v2/health/live").then().statusCode(200);
    }

    /// Publishes a model and hides the store.
    public static final class Away implements QuarkusTestResourceLifecycleManager {
        private final String name = "away-" + UUID.randomUUID();

        @Override
        public Map<String, String> start() {
            publish(new ModelPublished(name, 1, "models/" + name + "/1/", "0".repeat(64)));
            return Map.of("graft.object-store.endpoint", "http://127.0.0.1:1");
        }

        private static void publish(ModelPublished published) {
            try {
                Events.publish(published);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void stop() {}
    }
}

package dev.graft.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.http.MetricRules;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class MetricsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Proves that each of our metrics is well named, has its help, and is in the manual.
    @Test
    void areWellNamedAndDescribed() throws IOException {
        String manual = Files.readString(Path.of("..", "README.md"));
        RestAssured.get("/v1/models");

        // A request is counted after its answer was sent.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(MetricRules.faults(
                                "predict-service", RestAssured.get("/q/metrics").asString(), manual))
                        .isEmpty());
    }
}

package dev.graft.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.contracts.Split;
import dev.graft.testkit.Gate;
import dev.graft.testkit.GatedBackends;
import dev.graft.testkit.Gates;
import dev.graft.testkit.Gates.Backend;
import dev.graft.testkit.TimedRequests;
import dev.graft.testkit.TimedRequests.Answer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Takes each backend away, stopped and frozen, and brings it back: nobody waits, and a run that was accepted before
/// succeeds afterwards without a restart.
@QuarkusTest
@QuarkusTestResource(value = GatedBackends.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = GatedIngest.class, restrictToAnnotatedClass = true)
class BackendsAwayIT {
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration RECOVERY = Duration.ofSeconds(90);

    @Inject
    Stage stage;

    private Gates gates;
    private Gate ingest;
    private TimedRequests requests;

    @BeforeEach
    void awaitReady() {
        requests = new TimedRequests("http://127.0.0.1:" + RestAssured.port);
        await().atMost(RECOVERY).until(() -> requests.get("/q/health/ready").status() == 200);
    }

    @AfterEach
    void bringBack() {
        gates.passAll();
        ingest.set(Gate.State.PASS);
    }

    private String dataset() {
        return stage.dataset("away", 2, 8, i -> i < 6 ? Split.TRAIN : Split.TEST);
    }

    private Map<String, Supplier<Answer>> paths(String dataset, String run) {
        Map<String, Supplier<Answer>> paths = new LinkedHashMap<>();
        paths.put("list runs", () -> requests.get("/v1/training-runs"));
        paths.put("get a run", () -> requests.get("/v1/training-runs/" + run));
        paths.put("list models", () -> requests.get("/v1/models"));
        paths.put("promote", () -> requests.send("PUT", "/v1/models/" + dataset + "/production", "{\"version\":1}"));
        paths.put("begin a run", () -> begin(dataset));
        paths.put("get a report", () -> requests.get("/v1/training-runs/" + run + "/report"));
        return paths;
    }

    private Answer begin(String dataset) {
        return requests.send("POST", "/v1/training-runs", Stage.byDefault(dataset));
    }

    @ParameterizedTest
    @CsvSource({"DATABASE,HANG", "DATABASE,REFUSE", "OBJECTS,HANG", "OBJECTS,REFUSE", "BROKER,HANG", "BROKER,REFUSE"})
    void nobodyWaitsAndRunsSucceedAfterwards(Backend backend, Gate.State away) {
        String dataset = dataset();
        String done = stage.begin(Stage.byDefault(dataset));
        assertThat(stage.ended(done).getString("state")).isEqualTo("SUCCEEDED");
        String accepted = stage.begin(Stage.byDefault(dataset()));
        gates.of(backend).set(away);

        paths(dataset, done).forEach((name, path) -> {
            Answer answer = path.get();
            assertThat(answer.isAway() || answer.status() < 400)
                    .as("%s: %s", name, answer)
                    .isTrue();
            assertThat(answer.took()).as(name).isLessThan(LONGEST);
            if (backend == Backend.DATABASE) {
                assertThat(answer.isAway()).as(name).isTrue();
            }
        });
        if (backend == Backend.OBJECTS) {
            assertThat(requests.get("/v1/training-runs").status()).isEqualTo(200);
            assertThat(requests.get("/v1/training-runs/" + done + "/report").isAway())
                    .isTrue();
        }
        assertNotReadyButAlive();

        gates.of(backend).set(Gate.State.PASS);
        await().atMost(RECOVERY).until(() -> requests.get("/q/health/ready").status() == 200);
        assertThat(stage.ended(accepted).getString("state")).isEqualTo("SUCCEEDED");
    }

    @ParameterizedTest
    @EnumSource(
            value = Gate.State.class,
            names = {"HANG", "REFUSE"})
    void nobodyWaitsForTheIngestService(Gate.State away) {
        String dataset = dataset();
        ingest.set(away);

        for (int i = 0; i < 6; i++) {
            Answer answer = begin(dataset);
            assertThat(answer.isAway()).as(answer.toString()).isTrue();
            assertThat(answer.took()).isLessThan(LONGEST);
        }
        for (String path : List.of("/v1/training-runs", "/v1/models", "/q/health/ready", "/q/health/live")) {
            assertThat(requests.get(path).status()).as(path).isEqualTo(200);
        }

        ingest.set(Gate.State.PASS);
        await().atMost(RECOVERY).until(() -> begin(dataset).status() == 202);
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

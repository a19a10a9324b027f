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
import dev.graft.testkit.http.AwayRequests;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Takes each backend away, stopped and frozen, and brings it back: nobody waits, what does not need it is
/// answered as usual, and a run that was accepted before succeeds afterwards without a restart and leaves
/// nothing behind.
@QuarkusTest
@QuarkusTestResource(value = GatedBackends.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = GatedIngest.class, restrictToAnnotatedClass = true)
class BackendsAwayIT {
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration RECOVERY = Duration.ofSeconds(90);

    @Inject
    Stage stage;

    @ConfigProperty(name = "quarkus.datasource.jdbc.url")
    String databaseUrl;

    @ConfigProperty(name = "quarkus.datasource.username")
    String databaseUser;

    @ConfigProperty(name = "quarkus.datasource.password")
    String databasePassword;

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

    /// What clients ask.
    ///
    /// @param usual        the status while everything is there
    /// @param needsObjects whether object storage is needed for the answer
    private record Question(String name, int usual, boolean needsObjects, Supplier<Answer> asked) {
        boolean needs(Backend backend) {
            return switch (backend) {
                case DATABASE -> true;
                case OBJECTS -> needsObjects;
                // What is to be published waits in the outbox.
                case BROKER -> false;
            };
        }
    }

    private List<Question> questions(String dataset, String run) {
        String path = "/v1/training-runs/" + run;
        String model = "/v1/models/" + dataset;
        return List.of(
                new Question("list runs", 200, false, () -> requests.get("/v1/training-runs")),
                new Question("get a run", 200, false, () -> requests.get(path)),
                new Question("follow a run", 200, false, () -> requests.get(path + "/events")),
                new Question("cancel a run", 409, false, () -> requests.ask("DELETE", path, "", new byte[0])),
                new Question("get a report", 200, true, () -> requests.get(path + "/report")),
                new Question("begin a run", 202, true, () -> begin(dataset)),
                new Question("list models", 200, false, () -> requests.get("/v1/models")),
                new Question("get a model", 200, false, () -> requests.get(model)),
                new Question("get a version", 200, false, () -> requests.get(model + "/versions/1")),
                new Question("get a file", 200, true, () -> requests.get(model + "/versions/1/files/model.json")),
                new Question(
                        "promote", 200, false, () -> requests.send("PUT", model + "/production", "{\"version\":1}")));
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

        assertThat(questions(dataset, done)).allSatisfy(question -> {
            Answer answer = question.asked().get();
            if (question.needs(backend)) {
                assertThat(answer.isAway()).as(answer.toString()).isTrue();
                assertThat(answer.body()).contains("backend-unavailable");
            } else {
                assertThat(answer.status()).as(answer.toString()).isEqualTo(question.usual());
            }
            assertThat(answer.took()).isLessThan(LONGEST);
        });
        assertNotReadyButAlive();

        gates.of(backend).set(Gate.State.PASS);
        await().atMost(RECOVERY).until(() -> requests.get("/q/health/ready").status() == 200);
        assertThat(stage.ended(accepted).getString("state")).isEqualTo("SUCCEEDED");
        await().atMost(RECOVERY).until(() -> outputs(done) + outputs(accepted) == 0);
    }

    @ParameterizedTest
    @EnumSource
    void everyOperationIsAnsweredInTime(Backend backend) throws Exception {
        String dataset = dataset();
        String run = stage.begin(Stage.byDefault(dataset));
        assertThat(stage.ended(run).getString("state")).isEqualTo("SUCCEEDED");
        Map<String, String> values =
                Map.of("name", dataset, "version", "1", "file", "model.json", "/v1/training-runs/{id}", run);
        gates.of(backend).set(Gate.State.HANG);

        AwayRequests asked = AwayRequests.ask(URI.create(requests.root()), values, Map.of("id", run), new byte[0]);

        assertThat(asked.faults()).isEmpty();
        switch (backend) {
            case DATABASE ->
                assertThat(asked.away())
                        .contains(
                                "DELETE /v1/training-runs/" + run,
                                "GET /v1/models/" + dataset + "/versions",
                                "PUT /v1/models/" + dataset + "/production");
            case OBJECTS ->
                assertThat(asked.away())
                        .contains(
                                "GET /v1/training-runs/" + run + "/report",
                                "GET /v1/models/" + dataset + "/versions/1/files/model.json");
            case BROKER -> assertThat(asked.away()).containsExactly("GET /v1/dead-letters");
        }
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

    /// Counts the outputs of stages that a run has in object storage.
    private int outputs(String run) throws SQLException {
        try (Connection connection = DriverManager.getConnection(databaseUrl, databaseUser, databasePassword);
                PreparedStatement count =
                        connection.prepareStatement("select count(*) from trainer.training_stage where run_id = ?")) {
            count.setString(1, run);
            try (ResultSet rows = count.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }
}

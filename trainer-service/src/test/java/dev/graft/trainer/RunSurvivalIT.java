package dev.graft.trainer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What becomes of runs whose process dies, and of runs that somebody ends.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@QuarkusTestResource(IngestStub.class)
class RunSurvivalIT {
    @Inject
    Stage stage;

    @Inject
    DataSource database;

    @ParameterizedTest
    @CsvSource({"TRAINING", "EVALUATING", "PUBLISHING"})
    void endsWithTheSameVersionWhenItsProcessDiesInAnyPhase(String phase) throws SQLException {
        String dataset = stage.dataset("held", 2, 12, _ -> null);
        String run = stage.begin(Stage.byDefault(dataset));
        await().atMost(Stage.PATIENCE).until(() -> stage.features.holds(run));
        // As a process that was killed leaves it: in a phase, with a version, under a lease that nobody prolongs.
        execute("update training_run set state = 'EMBEDDING', version = 1, lease_id = 'dead', "
                + "lease_expires_at = now() + interval '1 hour' where id = '%s'".formatted(run));
        stage.features.letGo(run);
        await().atMost(Stage.PATIENCE).until(() -> stage.view(run).getLong("progress.done") == 24);
        execute("update training_run set state = '%s', lease_expires_at = now() where id = '%s' and lease_id = 'dead'"
                .formatted(phase, run));

        JsonPath ended = stage.ended(run);

        assertThat(ended.getString("state")).isEqualTo("SUCCEEDED");
        assertThat(ended.getInt("version")).isEqualTo(1);
        given().get("/v1/models/" + dataset + "/versions").then().body("size()", equalTo(1));
    }

    @Test
    void cancelsARunThatWaits() {
        String dataset = stage.dataset("held", 2, 12, _ -> null);
        String run = stage.begin(Stage.byDefault(dataset));
        await().atMost(Stage.PATIENCE).until(() -> stage.features.holds(run));

        given().delete("/v1/training-runs/" + run).then().statusCode(200).body("state", equalTo("CANCELLED"));
        given().delete("/v1/training-runs/" + run).then().statusCode(200).body("state", equalTo("CANCELLED"));
        stage.features.letGo(run);

        String next = stage.begin(Stage.byDefault(stage.dataset("next", 2, 12, _ -> null)));
        assertThat(stage.ended(next).getString("state")).isEqualTo("SUCCEEDED");
        assertThat(stage.view(run).getString("state")).isEqualTo("CANCELLED");
        given().get("/v1/models/" + dataset).then().statusCode(404);
        given().delete("/v1/training-runs/" + next)
                .then()
                .statusCode(409)
                .body("type", equalTo("https://graft.dev/problems/training-run-finished"));
    }

    @Test
    void cancelsARunAtWork() {
        String dataset = stage.dataset("long", 2, 12, _ -> null);
        String run = stage.begin(
                "{\"dataset\": \"%s\", \"head\": \"mlp:2048,2048\", \"epochs\": 10000, \"learningRate\": 0.0000002}"
                        .formatted(dataset));
        await().atMost(Stage.PATIENCE)
                .until(() -> stage.view(run).getString("state").equals("TRAINING"));

        given().delete("/v1/training-runs/" + run).then().body("state", equalTo("CANCELLED"));

        String next = stage.begin(Stage.byDefault(stage.dataset("next", 2, 12, _ -> null)));
        assertThat(stage.ended(next).getString("state")).isEqualTo("SUCCEEDED");
        assertThat(stage.view(run).getString("state")).isEqualTo("CANCELLED");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path to trainer");
            statement.execute(sql);
        }
    }
}

package dev.graft.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.contracts.EmbeddingJobAdvanced.State;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs that fail the same way each time end, with a reason, and are not tried for ever as if a backend were
/// away.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@QuarkusTestResource(IngestStub.class)
class LastingFaultsIT {
    private static final String ABSENT = "absent";

    @Inject
    Stage stage;

    @Inject
    DataSource database;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"imageId\": \"",
                "null",
                "{\"imageId\": \"no digest\", \"objectKey\": \"segments/a\", \"row\": 0}",
                ABSENT
            })
    void aDamagedIndexOfEmbeddingsEndsTheRun(String index) {
        String run = held();
        String key = "tests/index-" + run;
        if (!index.equals(ABSENT)) {
            stage.write(key, index.getBytes(StandardCharsets.UTF_8));
        }

        embedded(run, key);

        JsonPath ended = stage.ended(run);
        assertThat(ended.getString("state")).isEqualTo("FAILED");
        assertThat(ended.getString("problem.detail"))
                .contains("Stored data is damaged")
                .contains(key);
    }

    @Test
    void whatTheDatabaseRefusesEachTimeEndsTheRunAfterThreeAttempts() throws SQLException {
        String run = held();
        execute("alter table training_stage add constraint refused check (run_id <> '%s') not valid".formatted(run));
        try {
            stage.features.letGo(run);

            JsonPath ended = stage.ended(run);
            assertThat(ended.getString("state")).isEqualTo("FAILED");
            assertThat(ended.getString("problem.detail")).contains("broke off 3 times");
        } finally {
            execute("alter table training_stage drop constraint refused");
        }
    }

    /// Begins a run whose embeddings are awaited.
    private String held() {
        String run = stage.begin(Stage.byDefault(stage.dataset("held", 2, 12, _ -> null)));
        await().atMost(Stage.PATIENCE).until(() -> stage.features.holds(run));
        return run;
    }

    /// Says that the embeddings of a run are complete.
    private void embedded(String run, String indexKey) {
        String extractor = stage.features.backbone().extractor.identity().digest();
        stage.features.publish(new EmbeddingJobAdvanced(run, State.COMPLETED, 24, 0, 24, 0, extractor, indexKey, null));
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path to trainer");
            statement.execute(sql);
        }
    }
}

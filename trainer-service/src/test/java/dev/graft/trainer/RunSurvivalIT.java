package dev.graft.trainer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.graft.contracts.Event;
import dev.graft.contracts.Sha256;
import dev.graft.contracts.Topics;
import dev.graft.contracts.TrainingFinished;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What becomes of runs whose process dies, and of runs that a user cancels; and of what they have written on
/// the way.
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
        // As a process that was killed leaves it: in a phase, with a version, under a lease that nobody renews.
        execute("update training_run set version = 1 where id = '%s'".formatted(run));
        execute("update durable_job set state = 'RUNNING', token = token + 1, attempts = 1, worker = 'dead', "
                + "lease_until = now() + interval '1 hour' where id = '%s'".formatted(run));
        stage.features.letGo(run);
        await().atMost(Stage.PATIENCE).until(() -> "24".equals(stage.view(run).getString("progress.done")));
        execute("update training_run set state = '%s' where id = '%s'".formatted(phase, run));
        execute("update durable_job set lease_until = now() - interval '1 second' where id = '%s' and worker = 'dead'"
                .formatted(run));

        JsonPath ended = stage.ended(run);

        assertThat(ended.getString("state")).isEqualTo("SUCCEEDED");
        assertThat(ended.getInt("version")).isEqualTo(1);
        given().get("/v1/models/" + dataset + "/versions").then().body("size()", equalTo(1));
    }

    /// A head that no training of this run would come to says that the stage was not done again.
    @Test
    void goesOnAfterTheLastStageThatAnAttemptFinished() throws SQLException {
        String dataset = stage.dataset("held", 2, 12, _ -> null);
        String other = stage.dataset("other", 2, 13, _ -> null);
        byte[] head = stage.read("models/%s/1/head.safetensors".formatted(succeeded(other)));
        String run = stage.begin(Stage.byDefault(dataset));
        await().atMost(Stage.PATIENCE).until(() -> stage.features.holds(run));
        String key = output(run, head);

        stage.features.letGo(run);

        assertThat(stage.ended(run).getString("result.digest")).isEqualTo(Sha256.of(head));
        await().atMost(Stage.PATIENCE).until(() -> !stage.holds(key));
    }

    /// Keeps the output of a run's stage as an attempt does that has finished the stage, and gives its key.
    private String output(String run, byte[] bytes) throws SQLException {
        return output(run, "head", bytes, 1);
    }

    private String output(String run, String name, byte[] bytes, int seconds) throws SQLException {
        String sha256 = Sha256.of(bytes);
        String key = "training-runs/%s/%s-%s".formatted(run, name, sha256);
        stage.write(key, bytes);
        execute("insert into training_stage (run_id, stage, object_key, sha256, seconds, finished_at) "
                + "values ('%s', '%s', '%s', '%s', %d, now())".formatted(run, name, key, sha256, seconds));
        return key;
    }

    /// Of what an earlier attempt has kept, only the row is there: the time it took counts all the same.
    @Test
    void countsTheTimeOfAttemptsWhoseProcessDied() throws SQLException {
        String run = stage.begin(
                "{\"dataset\": \"%s\", \"fineTune\": [\"conv_head\"], \"fineTuning\": {\"epochs\": 2, \"batchSize\": 8}}"
                        .formatted(stage.dataset("held", 2, 12, _ -> null)));
        await().atMost(Stage.PATIENCE).until(() -> stage.features.holds(run));
        stage.write(output(run, "fine-tuning.checkpoint", new byte[] {5}, 1000), new byte[] {6});

        stage.features.letGo(run);

        JsonPath ended = stage.ended(run);
        assertThat(ended.getString("state")).as(ended.prettify()).isEqualTo("SUCCEEDED");
        assertThat(ended.getDouble("result.fineTuned.seconds")).isBetween(1000.0, 1000.0 + Stage.PATIENCE.toSeconds());
        assertThat(ended.getDouble("result.seconds.training"))
                .isGreaterThan(ended.getDouble("result.fineTuned.seconds"))
                .isLessThan(1000.0 + Stage.PATIENCE.toSeconds());
    }

    @ParameterizedTest
    @CsvSource({"held,SUCCEEDED", "held-refused,FAILED", "held,CANCELLED"})
    void removesTheOutputsOfStagesHoweverTheRunEnds(String embeddings, String state) throws SQLException {
        String run = stage.begin(Stage.byDefault(stage.dataset(embeddings, 2, 12, _ -> null)));
        await().atMost(Stage.PATIENCE).until(() -> stage.features.holds(run));
        // One that is damaged, so that the stage is done again, and one that was being written when its process
        // died.
        String damaged = output(run, new byte[] {1});
        stage.write(damaged, new byte[] {2});
        String begun = output(run, new byte[] {3});
        execute("update training_stage set finished_at = null where object_key = '%s'".formatted(begun));

        if (state.equals("CANCELLED")) {
            given().delete("/v1/training-runs/" + run).then().statusCode(200);
        } else {
            stage.features.letGo(run);
        }

        assertThat(stage.ended(run).getString("state")).isEqualTo(state);
        await().atMost(Stage.PATIENCE).until(() -> !stage.holds(damaged) && !stage.holds(begun));
        await().atMost(Stage.PATIENCE).until(() -> outputsOf(run) == 0);
    }

    /// As a process that is killed after the end of a run and before its outputs are removed leaves it.
    @Test
    void removesTheOutputsOfStagesThoughTheProcessDiesThatIsAtIt() throws SQLException {
        String run = stage.begin(Stage.byDefault(stage.dataset("held", 2, 12, _ -> null)));
        await().atMost(Stage.PATIENCE).until(() -> stage.features.holds(run));
        given().delete("/v1/training-runs/" + run).then().statusCode(200);
        String job = "outputs-0/" + run;
        await().atMost(Stage.PATIENCE)
                .until(() -> count("durable_job where state = 'SUCCEEDED' and id = '%s'".formatted(job)) == 1);
        String key = output(run, new byte[] {4});

        execute("update durable_job set state = 'RUNNING', token = token + 1, attempts = 3, worker = 'dead', "
                + "finished_at = null, lease_until = now() - interval '1 second' where id = '%s'".formatted(job));

        await().atMost(Stage.PATIENCE).until(() -> !stage.holds(key) && outputsOf(run) == 0);
    }

    /// An attempt that was over may have written a report that lacks an image, or may write it now: what is there
    /// stays,
    /// and the version's `model.json` names it as it is.
    @Test
    void takesForItsOwnWhatAnotherAttemptWroteOfItsBundle() throws SQLException {
        String dataset = stage.dataset("held", 2, 12, _ -> null);
        String run = stage.begin(Stage.byDefault(dataset));
        await().atMost(Stage.PATIENCE).until(() -> stage.features.holds(run));
        execute("update training_run set version = 1 where id = '%s'".formatted(run));
        String bundle = "models/%s/1/".formatted(dataset);
        byte[] early = {'e', 'a', 'r', 'l', 'y'};
        stage.write(bundle + "report.html", early);
        stage.write(bundle + "model.json", early);

        stage.features.letGo(run);

        assertThat(stage.ended(run).getString("state")).isEqualTo("SUCCEEDED");
        assertThat(stage.read(bundle + "report.html")).isEqualTo(early);
        JsonPath card = JsonPath.from(new String(stage.read(bundle + "model.json"), StandardCharsets.UTF_8));
        for (String file : List.of("head.safetensors", "model.onnx", "predictions.jsonl", "report.html")) {
            assertThat(card.getString("files.'%s'.sha256".formatted(file)))
                    .as(file)
                    .isEqualTo(Sha256.of(stage.read(bundle + file)));
        }
    }

    @Test
    void removesTheBundleOfARunThatCameToNoVersion() throws SQLException {
        String dataset = stage.dataset("held", 2, 12, _ -> null);
        String run = stage.begin(Stage.byDefault(dataset));
        await().atMost(Stage.PATIENCE).until(() -> stage.features.holds(run));
        execute("update training_run set version = 1 where id = '%s'".formatted(run));
        List<String> written = List.of("model.json", "model.onnx", "head.safetensors", "report.html").stream()
                .map("models/%s/1/".formatted(dataset)::concat)
                .toList();
        written.forEach(key -> stage.write(key, new byte[] {1}));

        given().delete("/v1/training-runs/" + run).then().statusCode(200);

        await().atMost(Stage.PATIENCE).until(() -> written.stream().noneMatch(stage::holds));
    }

    private int outputsOf(String run) throws SQLException {
        return count("training_stage where run_id = '%s'".formatted(run));
    }

    private int count(String rows) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path to trainer");
            try (ResultSet counted = statement.executeQuery("select count(*) from " + rows)) {
                counted.next();
                return counted.getInt(1);
            }
        }
    }

    private String succeeded(String dataset) {
        assertThat(stage.ended(stage.begin(Stage.byDefault(dataset))).getString("state"))
                .isEqualTo("SUCCEEDED");
        return dataset;
    }

    @Test
    void threeDeathsEndARunWithTheReasonAndTheNextIsServed() throws SQLException {
        String dataset = stage.dataset("held", 2, 12, _ -> null);
        String run = stage.begin(Stage.byDefault(dataset));
        await().atMost(Stage.PATIENCE).until(() -> stage.features.holds(run));
        execute("update durable_job set state = 'RUNNING', token = token + 1, attempts = 3, worker = 'dead', "
                + "lease_until = now() - interval '1 second' where id = '%s'".formatted(run));

        JsonPath ended = stage.ended(run);

        assertThat(ended.getString("state")).isEqualTo("FAILED");
        assertThat(ended.getString("problem.detail")).contains("ended 3 of 3 times");
        assertThat(succeeded(stage.dataset("next", 2, 12, _ -> null))).isNotEmpty();
    }

    @Test
    void runsOfOthersDoNotWaitForABacklogOfAHundred() {
        String backlog = stage.dataset("backlog", 2, 12, _ -> null);
        List<String> hundred = IntStream.range(0, 100)
                .parallel()
                .mapToObj(seed -> stage.begin("{\"dataset\": \"%s\", \"seed\": %d}".formatted(backlog, seed)))
                .toList();
        String second = stage.begin(Stage.byDefault(stage.dataset("second", 2, 12, _ -> null)));
        String third = stage.begin(Stage.byDefault(stage.dataset("third", 2, 12, _ -> null)));

        assertThat(stage.ended(second).getString("state")).isEqualTo("SUCCEEDED");
        assertThat(stage.ended(third).getString("state")).isEqualTo("SUCCEEDED");
        long open = hundred.parallelStream()
                .filter(run -> stage.view(run).getString("finishedAt") == null)
                .count();
        hundred.parallelStream().forEach(run -> given().delete("/v1/training-runs/" + run));
        assertThat(open).isGreaterThan(50);
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
        // What the feature service ends the embedding job by.
        assertThat(stage.consumed(
                        Topics.TRAININGS_FINISHED, events -> events.stream().anyMatch(of(run))))
                .filteredOn(of(run))
                .singleElement()
                .matches(event -> ((TrainingFinished) event).outcome() == TrainingFinished.Outcome.CANCELLED);
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

    private static Predicate<Event> of(String run) {
        return event -> event.partitionKey().equals(run);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path to trainer");
            statement.execute(sql);
        }
    }
}

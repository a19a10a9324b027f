package dev.graft.trainer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.graft.contracts.Event;
import dev.graft.contracts.ModelCard;
import dev.graft.contracts.ModelPublished;
import dev.graft.contracts.Sha256;
import dev.graft.contracts.Split;
import dev.graft.contracts.Topics;
import dev.graft.contracts.TrainingFinished;
import dev.graft.contracts.TrainingProgressed;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What comes of a run: version, bundle, figures, events.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@QuarkusTestResource(IngestStub.class)
class TrainingRunIT {
    @Inject
    Stage stage;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Test
    void trainsEvaluatesAndPublishes() throws IOException {
        String dataset = stage.dataset("shapes", 3, 14, i -> i < 10 ? Split.TRAIN : Split.TEST);

        JsonPath run = stage.ended(stage.begin(Stage.byDefault(dataset)));

        assertThat(run.getString("state")).as(run.prettify()).isEqualTo("SUCCEEDED");
        assertThat(run.getInt("version")).isEqualTo(1);
        assertThat(run.getString("model")).isEqualTo(dataset);
        assertThat(run.getDouble("result.testAccuracy")).isGreaterThan(0.8);
        assertThat(run.getList("result.labels")).containsExactly("boxes", "discs", "stripes");
        assertThat(run.getString("result.evaluatedOn")).isEqualTo("TEST_SPLIT");
        assertThat(run.getLong("result.embeddings.computed")).isEqualTo(42);
        assertThat(run.getString("spec.optimizer")).isEqualTo("lbfgs");
        PublishedBundle bundle = PublishedBundle.complete(stage, dataset, 1);
        assertThat(run.getString("result.digest"))
                .isEqualTo(bundle.card().files().get("head.safetensors").sha256());
        bundle.assertServesWhatWasMeasured();
        assertThat(bundle.measured())
                .hasSize(12)
                .filteredOn(line -> line.path("label").equals(line.path("predicted")))
                .hasSize((int) Math.round(12 * run.getDouble("result.testAccuracy")));
        assertPublished(run.getString("id"), dataset);
        given().get("/v1/models/" + dataset)
                .then()
                .body("production", equalTo(1))
                .body("versions", equalTo(1));
        given().get("/v1/models/" + dataset + "/versions/1")
                .then()
                .body("card.selfTest.seed", equalTo(20_260_101))
                .body("production", equalTo(true));
        given().get("/v1/training-runs/" + run.getString("id") + "/report")
                .then()
                .statusCode(200)
                .contentType("text/html")
                .body(containsString("served for this evaluation only"), containsString("data:image/jpeg;base64,"));
    }

    private void assertPublished(String run, String model) {
        List<Event> finished = stage.consumed(Topics.TRAININGS_FINISHED, events -> isAbout(events, run));
        assertThat(finished.stream().filter(event -> event.partitionKey().equals(run)))
                .singleElement()
                .matches(event -> ((TrainingFinished) event).outcome() == TrainingFinished.Outcome.SUCCEEDED);
        List<TrainingProgressed.Phase> every = Stream.of(TrainingProgressed.Phase.values())
                .filter(phase -> phase != TrainingProgressed.Phase.FINE_TUNING)
                .toList();
        assertThat(phases(
                        stage.consumed(
                                Topics.TRAININGS_PROGRESSED,
                                events -> phases(events, run).containsAll(every)),
                        run))
                .isEqualTo(every);
        assertThat(stage.consumed(Topics.TRAININGS_REQUESTED, events -> isAbout(events, run)))
                .matches(events -> isAbout(events, run));
        assertThat(stage.consumed(Topics.EMBEDDINGS_REQUESTED, events -> isAbout(events, run)))
                .matches(events -> isAbout(events, run));
        List<ModelPublished> published = published(model);
        assertThat(published).singleElement().satisfies(event -> {
            assertThat(event.version()).isEqualTo(1);
            assertThat(Sha256.of(stage.read(event.bundlePrefix() + ModelCard.FILE)))
                    .isEqualTo(event.modelDigest());
        });
    }

    private static List<TrainingProgressed.Phase> phases(List<? extends Event> events, String run) {
        return events.stream()
                .filter(event -> event.partitionKey().equals(run))
                .map(event -> ((TrainingProgressed) event).phase())
                .distinct()
                .toList();
    }

    private static boolean isAbout(List<? extends Event> events, String key) {
        return events.stream().anyMatch(event -> event.partitionKey().equals(key));
    }

    private List<ModelPublished> published(String model) {
        return stage.consumed(Topics.MODELS_PUBLISHED, events -> isAbout(events, model)).stream()
                .filter(event -> event.partitionKey().equals(model))
                .map(ModelPublished.class::cast)
                .toList();
    }

    @Test
    void sameManifestSpecAndSeedGiveTheSameHeadAndANewVersionThatWaitsForPromotion() {
        String dataset = stage.dataset("again", 2, 12, _ -> null);

        JsonPath first = stage.ended(stage.begin(Stage.byDefault(dataset)));
        JsonPath second = stage.ended(stage.begin(Stage.byDefault(dataset)));

        assertThat(second.getString("result.digest")).isEqualTo(first.getString("result.digest"));
        assertThat(first.getString("result.evaluatedOn")).isEqualTo("DRAWN");
        assertThat(second.getInt("version")).isEqualTo(2);
        given().get("/v1/models/" + dataset)
                .then()
                .body("production", equalTo(1))
                .body("newest", equalTo(2));

        given().contentType(ContentType.JSON)
                .body("{\"version\": 2}")
                .put("/v1/models/" + dataset + "/production")
                .then()
                .statusCode(200)
                .body("production", equalTo(2));
        given().contentType(ContentType.JSON)
                .body("{\"version\": 7}")
                .put("/v1/models/" + dataset + "/production")
                .then()
                .statusCode(404)
                .body("type", equalTo("https://graft.dev/problems/model-version-not-found"));

        await().atMost(Stage.PATIENCE)
                .untilAsserted(() -> assertThat(published(dataset))
                        .extracting(ModelPublished::version)
                        .containsExactly(1, 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"head\": \"sigmoid\"",
                "\"head\": \"mlp:32\", \"dropout\": 0.2, \"epochs\": 20",
                "\"optimizer\": \"sgd\", \"classWeights\": \"balanced\""
            })
    void otherHeadsAreServedAsTheyWereMeasured(String settings) throws IOException {
        String dataset = stage.dataset("other", 2, 14, i -> i < 10 ? Split.TRAIN : Split.VALIDATION);

        JsonPath run = stage.ended(stage.begin("{\"dataset\": \"%s\", %s}".formatted(dataset, settings)));

        assertThat(run.getString("state")).as(run.prettify()).isEqualTo("SUCCEEDED");
        assertThat(run.getString("result.evaluatedOn")).isEqualTo("VALIDATION_SPLIT");
        assertThat(run.getDouble("result.testAccuracy")).isGreaterThan(0.7);
        PublishedBundle bundle = PublishedBundle.complete(stage, dataset, 1);
        assertThat(bundle.card().labels()).containsExactly("boxes", "discs");
        bundle.assertServesWhatWasMeasured();
    }

    @Test
    void followsARunFromItsStateNowToItsEnd() throws IOException, InterruptedException {
        String dataset = stage.dataset("followed", 2, 12, _ -> null);
        String run = stage.begin(Stage.byDefault(dataset));

        List<String> lines = events(run, null);

        List<String> states = lines.stream()
                .filter(line -> line.startsWith("data:"))
                .map(line -> JsonPath.from(line.substring("data:".length())).getString("state"))
                .toList();
        assertThat(states).isNotEmpty().last().isEqualTo("SUCCEEDED");
        assertThat(states.subList(0, states.size() - 1)).doesNotContain("SUCCEEDED");
    }

    @Test
    void aFollowerThatWasCutOffGoesOnAfterTheLastEventItHasWithoutAGap() throws IOException, InterruptedException {
        String run = stage.begin(Stage.byDefault(stage.dataset("cut", 2, 12, _ -> null)));
        List<Long> all = ids(events(run, null));
        assertThat(all).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(3);

        assertThat(ids(events(run, all.get(1)))).isEqualTo(all.subList(2, all.size()));
        assertThat(ids(events(run, all.getLast()))).isEmpty();
    }

    private static List<Long> ids(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("id:"))
                .map(line -> Long.valueOf(line.substring("id:".length()).strip()))
                .toList();
    }

    private List<String> events(String run, @Nullable Long lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/v1/training-runs/%s/events".formatted(port, run)))
                .header("Accept", "text/event-stream");
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId.toString());
        }
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                .body()
                .lines()
                .toList();
    }

    @Test
    void measuresRunsByOutcomeAndSecondsByStageWithHelp() {
        assertThat(stage.ended(stage.begin(Stage.byDefault(stage.dataset("measured", 2, 12, _ -> null))))
                        .getString("state"))
                .isEqualTo("SUCCEEDED");

        given().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(
                        containsString("# HELP graft_training_runs Training runs that have ended"),
                        containsString("graft_training_runs_total{outcome=\"failed\"}"),
                        containsString("graft_training_stage_seconds_bucket{stage=\"head\",le="),
                        containsString("graft_training_stage_seconds_bucket{stage=\"evaluation\",le="),
                        containsString("graft_training_stage_seconds_bucket{stage=\"embedding\",le="),
                        containsString("graft_training_stage_seconds_count{stage=\"publication\"}"),
                        containsString("graft_jobs_queued{kind=\"training-run\"}"),
                        containsString("graft_jobs_oldest_seconds{kind=\"training-run\"}"));
    }

    @Test
    void aTrainingThatDivergesFailsWithItsReasonAndPublishesNothing() {
        String dataset = stage.dataset("diverging", 2, 12, _ -> null);

        JsonPath run = stage.ended(stage.begin(
                "{\"dataset\": \"%s\", \"head\": \"mlp:512,512,512,512\", \"optimizer\": \"sgd\", \"learningRate\": 10}"
                        .formatted(dataset)));

        assertThat(run.getString("state")).as(run.prettify()).isEqualTo("FAILED");
        assertThat(run.getString("problem.detail")).contains("not a finite number", "learningRate");
        given().get("/v1/models/" + dataset).then().statusCode(404);
    }

    @Test
    void failsWithTheReasonWhenThereAreNoEmbeddings() {
        String dataset = stage.dataset("refused", 2, 12, _ -> null);

        JsonPath run = stage.ended(stage.begin(Stage.byDefault(dataset)));

        assertThat(run.getString("state")).isEqualTo("FAILED");
        assertThat(run.getString("problem.detail")).contains("on strike");
        given().get("/v1/training-runs/" + run.getString("id") + "/report")
                .then()
                .statusCode(404)
                .body("type", equalTo("https://graft.dev/problems/report-not-found"));
    }
}

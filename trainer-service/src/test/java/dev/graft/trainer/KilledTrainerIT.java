package dev.graft.trainer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.graft.contracts.Sha256;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.ShippedService;
import dev.graft.testkit.ShippedServices;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Kills the service as it is shipped (SIGKILL) while it works on a run, and stops it (SIGSTOP) for longer than its
/// lease.
/// The application of this test trains nothing; it serves requests as another replica does.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@QuarkusTestResource(IngestStub.class)
@TestProfile(KilledTrainerIT.WithoutWorkers.class)
class KilledTrainerIT {
    private static final List<String> FILES =
            List.of("head.safetensors", "model.json", "model.onnx", "predictions.jsonl", "report.html");

    /// Long enough to be met while it trains, and the same head at each time.
    private static final String RUN = """
            {"dataset": "%s", "head": "mlp:64", "epochs": 400, "model": "%s"}""";

    /// More epochs than kills by far, with a head that has yet to learn: epochs get better than the beginning.
    private static final String FINE_TUNING = """
            {"dataset": "%s", "model": "%s", "fineTune": ["conv_head"], "augment": "light",
             "fineTuning": {"joint": true, "epochs": 20, "batchSize": 4, "patience": 20}}""";

    /// Of 40 images, a fifth is evaluated on. In an epoch each of the others passes through the frozen part of
    /// the backbone and through the part that is trained.
    private static final long LEARNED_IMAGES = 32;
    private static final long PASSES_OF_EPOCH = 2 * LEARNED_IMAGES;

    public static final class WithoutWorkers implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("graft.training.workers", "0");
        }
    }

    @Inject
    Stage stage;

    @ConfigProperty(name = "quarkus.rest-client.ingest.url")
    String ingestUrl;

    private final ShippedServices services = new ShippedServices(Path.of("target", "killed-trainer.log"));

    @BeforeEach
    void forgetTheLog() throws IOException {
        services.forgetTheLog();
    }

    @AfterEach
    void killWhatIsLeft() throws InterruptedException {
        services.kill();
    }

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void comesToTheSameVersionThoughItsProcessIsKilledTwice() throws Exception {
        String dataset = stage.dataset("killed", 2, 20, _ -> null);
        String run = stage.begin(RUN.formatted(dataset, dataset + "-killed"));
        for (String phase : List.of("TRAINING", "PUBLISHING")) {
            ShippedService service = start();
            awaitPhase(run, phase);
            assertThat(service.kill()).as("exit of a killed process").isEqualTo(128 + 9);
        }
        start();
        JsonPath ended = stage.ended(run);
        JsonPath undisturbed = stage.ended(stage.begin(RUN.formatted(dataset, dataset + "-undisturbed")));

        assertThat(ended.getString("state")).isEqualTo("SUCCEEDED");
        assertThat(undisturbed.getString("state")).isEqualTo("SUCCEEDED");
        assertThat(ended.getString("result.digest")).isEqualTo(undisturbed.getString("result.digest"));
        assertThat(ended.getDouble("result.testAccuracy")).isEqualTo(undisturbed.getDouble("result.testAccuracy"));
        assertOneWholeVersion(dataset + "-killed");
    }

    /// More deaths than a run survives that does not come further; each comes after another epoch.
    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void fineTuningGoesOnFromItsLastEpoch() throws Exception {
        String dataset = stage.dataset("tuned", 2, 20, _ -> null);
        String run = stage.begin(FINE_TUNING.formatted(dataset, dataset + "-killed"));
        long done = 0;
        for (int kill = 1; kill <= 5; kill++) {
            ShippedService service = start();
            done = awaitAnotherEpoch(run, done);
            assertThat(service.kill()).as("exit of a killed process").isEqualTo(128 + 9);
        }
        start();
        JsonPath ended = stage.ended(run);
        JsonPath undisturbed = stage.ended(stage.begin(FINE_TUNING.formatted(dataset, dataset + "-undisturbed")));

        assertThat(ended.getString("state")).as(ended.prettify()).isEqualTo("SUCCEEDED");
        assertThat(ended.getString("result.digest")).isEqualTo(undisturbed.getString("result.digest"));
        for (String file : List.of("backbone.safetensors", "model.onnx", "predictions.jsonl")) {
            assertThat(Sha256.of(stage.read("models/%s-killed/1/%s".formatted(dataset, file))))
                    .as(file)
                    .isEqualTo(Sha256.of(stage.read("models/%s-undisturbed/1/%s".formatted(dataset, file))));
        }
        assertOneWholeVersion(dataset + "-killed");
    }

    /// Waits until two epochs more have begun than were seen before, so that one more was kept.
    ///
    /// @return how many passes there were then
    private long awaitAnotherEpoch(String run, long before) {
        await().atMost(Stage.PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> stage.view(run), view -> {
            assertThat(view.getString("state"))
                    .as("the run is met while it is at work")
                    .isNotEqualTo("SUCCEEDED");
            return view.getString("state").equals("FINE_TUNING")
                    && view.getLong("progress.done") > before + 2 * PASSES_OF_EPOCH;
        });
        return stage.view(run).getLong("progress.done");
    }

    /// Who was away for longer than its lease has lost the run; it writes nothing of it any more, in object storage
    /// either, though it goes on as if nothing had been.
    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void changesNothingOfARunThatAnotherProcessHasTakenOver() throws Exception {
        String dataset = stage.dataset("stopped", 2, 20, _ -> null);
        String run = stage.begin(RUN.formatted(dataset, dataset));
        ShippedService first = start();
        awaitPhase(run, "PUBLISHING");
        first.stop();
        ShippedService second = start();
        assertThat(stage.ended(run).getString("state")).isEqualTo("SUCCEEDED");
        Map<String, String> published = digests(dataset);
        assertThat(second.kill()).isEqualTo(128 + 9);

        first.goOn();

        // It has ended its attempt when it works on another run.
        String next = stage.begin(RUN.formatted(dataset, dataset + "-next"));
        assertThat(stage.ended(next).getString("state")).isEqualTo("SUCCEEDED");
        assertThat(digests(dataset)).isEqualTo(published);
        assertOneWholeVersion(dataset);
    }

    private ShippedService start() throws IOException {
        return services.start(List.of(
                "-Dgraft.training.lease=5s",
                "-Dgraft.training.progress-interval=50ms",
                "-Dquarkus.rest-client.ingest.url=" + ingestUrl));
    }

    private void awaitPhase(String run, String phase) {
        await().atMost(Stage.PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> stage.view(run).getString("state"), state -> {
                    assertThat(state).as("the run is met while it is at work").isNotEqualTo("SUCCEEDED");
                    return state.equals(phase);
                });
    }

    private Map<String, String> digests(String model) {
        Map<String, String> digests = new TreeMap<>();
        FILES.forEach(file -> digests.put(file, Sha256.of(stage.read("models/%s/1/%s".formatted(model, file)))));
        return digests;
    }

    /// Checks that there is one version, and that each of its files is the one that its `model.json` names.
    private void assertOneWholeVersion(String model) {
        given().get("/v1/models/" + model + "/versions").then().body("size()", equalTo(1));
        Map<String, String> digests = digests(model);
        JsonPath card = JsonPath.from(
                new String(stage.read("models/%s/1/model.json".formatted(model)), StandardCharsets.UTF_8));
        FILES.stream()
                .filter(file -> !file.equals("model.json"))
                .forEach(file -> assertThat(card.getString("files.'%s'.sha256".formatted(file)))
                        .as(file)
                        .isEqualTo(digests.get(file)));
    }
}

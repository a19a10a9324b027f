package dev.graft.trainer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.graft.contracts.ModelCard;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Sha256;
import dev.graft.contracts.Split;
import dev.graft.contracts.Topics;
import dev.graft.contracts.TrainingProgressed;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Node;
import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.weights.Safetensors;
import dev.graft.testkit.GraftBackends;
import dev.graft.trainer.model.BundleFiles;
import dev.graft.weightstore.ChosenExtractor;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What comes of a run that fine-tunes its backbone.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@QuarkusTestResource(IngestStub.class)
class FineTuningIT {
    /// These images are so easy that no epoch is better than a head that has converged: one that begins anew learns.
    private static final String SETTINGS = """
            {"dataset": "%s", "fineTune": ["blocks.6", "conv_head"],
             "fineTuning": {"joint": true, "epochs": 3, "batchSize": 8}}""";

    /// Members of a request beside the dataset.
    private static final String TUNED = """
            , "fineTune": ["blocks.6", "conv_head"], "fineTuning": {"joint": true, "epochs": 2, "batchSize": 8}""";

    @Inject
    Stage stage;

    @Test
    void publishesTheBackboneThatWasTunedAndServesIt() throws IOException {
        String dataset = stage.dataset("tuned", 3, 14, i -> i < 10 ? Split.TRAIN : Split.TEST);

        JsonPath run = stage.ended(stage.begin(SETTINGS.formatted(dataset)));

        assertThat(run.getString("state")).as(run.prettify()).isEqualTo("SUCCEEDED");
        assertThat(run.getList("result.fineTuned.stages")).containsExactly("blocks.6", "conv_head");
        assertThat(run.getInt("result.fineTuned.epochs")).isBetween(1, 3);
        assertThat(run.getDouble("result.fineTuned.accuracyBefore")).isGreaterThan(0.8);
        assertThat(run.getDouble("result.testAccuracy")).isGreaterThan(0.8);
        PublishedBundle bundle = PublishedBundle.complete(stage, dataset, 1);
        bundle.assertServesWhatWasMeasured();
        assertThat(changedTensors(dataset)).isEqualTo(learned(run));
        assertThat(text(dataset, 1, BundleFiles.REPORT))
                .contains("Before: the head alone", "Now: fine-tuned", "Became right by fine-tuning")
                .contains("Fine-tuning: joint</th><td>true", "Fine-tuning: stages</th><td>blocks.6, conv_head");
        assertThat(stage.consumed(
                        Topics.TRAININGS_PROGRESSED,
                        events -> events.stream()
                                .anyMatch(event -> event instanceof TrainingProgressed progressed
                                        && progressed.runId().equals(run.getString("id"))
                                        && progressed.phase() == TrainingProgressed.Phase.FINE_TUNING
                                        && progressed.epoch() != null
                                        && progressed.step() != null)))
                .isNotEmpty();
    }

    @Test
    void differentiatesInMixedPrecisionWhereItIsAskedToAndSaysSo() throws IOException {
        String dataset = stage.dataset("mixed", 3, 14, i -> i < 10 ? Split.TRAIN : Split.TEST);
        String settings = """
                {"dataset": "%s", "fineTune": ["blocks.6", "conv_head"],
                 "fineTuning": {"joint": true, "epochs": 3, "batchSize": 8, "mixedPrecision": true}}""".formatted(dataset);

        JsonPath run = stage.ended(stage.begin(settings));
        JsonPath again = stage.ended(stage.begin(settings));

        assertThat(run.getString("state")).as(run.prettify()).isEqualTo("SUCCEEDED");
        assertThat(run.getBoolean("spec.fineTune.mixedPrecision")).isTrue();
        assertThat(run.getDouble("result.testAccuracy")).isGreaterThan(0.8);
        assertThat(again.getString("result.digest")).isEqualTo(run.getString("result.digest"));
        PublishedBundle.complete(stage, dataset, 1).assertServesWhatWasMeasured();
        assertThat(text(dataset, 1, BundleFiles.REPORT)).contains("Fine-tuning: mixedPrecision</th><td>true");
    }

    @Test
    void variesWhatItLearnsFromAndSaysSo() {
        String dataset = stage.dataset("varied", 3, 14, i -> i < 10 ? Split.TRAIN : Split.TEST);
        String settings = """
                {"dataset": "%s", "fineTune": ["blocks.6", "conv_head"], "augment": "light", "augmentVariants": 2,
                 "fineTuning": {"joint": true, "epochs": 3, "batchSize": 8}}""".formatted(dataset);
        String light = "rotation=10,width-shift=0.05,height-shift=0.05,horizontal-flip,fill=nearest";

        JsonPath plain = stage.ended(stage.begin(SETTINGS.formatted(dataset)));
        JsonPath varied = stage.ended(stage.begin(settings));
        JsonPath again = stage.ended(stage.begin(settings));

        assertThat(varied.getString("state")).as(varied.prettify()).isEqualTo("SUCCEEDED");
        assertThat(varied.getString("spec.fineTune.augment")).isEqualTo(light);
        assertThat(varied.getInt("spec.fineTune.augmentVariants")).isEqualTo(2);
        assertThat(varied.getDouble("result.testAccuracy")).isGreaterThan(0.8);
        assertThat(varied.getString("result.digest")).isNotEqualTo(plain.getString("result.digest"));
        assertThat(again.getString("result.digest")).isEqualTo(varied.getString("result.digest"));
        for (String file : Set.of(BundleFiles.BACKBONE, BundleFiles.HEAD, ModelCard.NETWORK)) {
            assertThat(stage.read(ObjectKeys.bundlePrefix(dataset, 3) + file))
                    .as(file)
                    .isEqualTo(stage.read(ObjectKeys.bundlePrefix(dataset, 2) + file));
        }
        assertThat(text(dataset, 1, BundleFiles.REPORT)).doesNotContain("were varied", "A variant of it");
        assertThat(text(dataset, 2, BundleFiles.REPORT))
                .contains("were varied: " + light)
                .contains("The epochs saw 2 variants of each in turn");
        assertThat(text(dataset, 2, BundleFiles.REPORT).split("A variant of it", -1))
                .as("two variants of each of four pictures")
                .hasSize(1 + 2 * 4);
        JsonPath card = JsonPath.from(text(dataset, 2, ModelCard.FILE));
        assertThat(card.getString("fineTuning.augment")).isEqualTo(light);
        assertThat(card.getInt("fineTuning.augmentVariants")).isEqualTo(2);
        assertThat(card.getString("spec.fineTune.augment")).isEqualTo(light);
    }

    /// Pictures that stay as they are need no fine-tuning, and pictures of a batch are mixed where there is
    /// one.
    @Test
    void takesAugmentationsThatMixAndThatVaryNothing() {
        String dataset = stage.dataset("mixed", 2, 12, _ -> null);

        JsonPath none = stage.ended(stage.begin("{\"dataset\": \"%s\", \"augment\": \"none\"}".formatted(dataset)));
        JsonPath mixed = stage.ended(stage.begin("""
                {"dataset": "%s", "fineTune": ["conv_head"], "augment": "horizontal-flip,mixup=0.2,cutmix=1",
                 "fineTuning": {"epochs": 2, "batchSize": 5}}""".formatted(dataset)));

        assertThat(none.getString("state")).as(none.prettify()).isEqualTo("SUCCEEDED");
        assertThat(none.getString("spec.fineTune")).isNull();
        assertThat(mixed.getString("state")).as(mixed.prettify()).isEqualTo("SUCCEEDED");
        assertThat(mixed.getDouble("result.testAccuracy")).isGreaterThan(0.8);
    }

    /// Without stages the head learns alone, and the backbone stays as published.
    @Test
    void letsTheHeadAloneLearnFromVariedImages() throws IOException {
        String dataset = stage.dataset("varied-head", 3, 14, i -> i < 10 ? Split.TRAIN : Split.TEST);
        String settings = """
                {"dataset": "%s", "augment": "light", "dropout": 0.2,
                 "fineTuning": {"joint": true, "epochs": 3, "batchSize": 8}}""".formatted(dataset);

        JsonPath run = stage.ended(stage.begin(settings));
        JsonPath again = stage.ended(stage.begin(settings));

        assertThat(run.getString("state")).as(run.prettify()).isEqualTo("SUCCEEDED");
        assertThat(run.getList("spec.fineTune.stages")).isEmpty();
        assertThat(run.getDouble("spec.fineTune.learningRate")).isEqualTo(0.001);
        assertThat(run.getList("result.fineTuned.stages")).isEmpty();
        assertThat(run.getLong("result.fineTuned.parameters")).isZero();
        assertThat(run.getDouble("result.testAccuracy")).isGreaterThan(0.8);
        assertThat(again.getString("result.digest")).isEqualTo(run.getString("result.digest"));
        PublishedBundle bundle = PublishedBundle.complete(stage, dataset, 1);
        bundle.assertServesWhatWasMeasured();
        assertThat(bundle.card().files()).doesNotContainKey(BundleFiles.BACKBONE);
        assertThat(text(dataset, 1, BundleFiles.REPORT))
                .contains("A head that began anew then learned from varied pictures in 3 epochs")
                .contains("Now: learned from varied pictures", "Became right by learning from varied pictures");
    }

    private String text(String model, int version, String file) {
        return new String(stage.read(ObjectKeys.bundlePrefix(model, version) + file), StandardCharsets.UTF_8);
    }

    /// The names of the published tensors whose bytes are other in the bundle.
    private Set<String> changedTensors(String model) throws IOException {
        ChosenExtractor extractor = stage.features.backbone().extractor;
        try (Safetensors published =
                Backbone.WEIGHTS.open(extractor.backbone(), extractor.identity().weightsSha256())) {
            return changedTensors(model, published);
        }
    }

    private Set<String> changedTensors(String model, byte[] before) {
        try (Safetensors file = Safetensors.of(before)) {
            return changedTensors(model, file);
        }
    }

    private Set<String> changedTensors(String model, Safetensors before) {
        Set<String> changed = new TreeSet<>();
        try (Safetensors now = Safetensors.of(stage.read(ObjectKeys.bundlePrefix(model, 1) + BundleFiles.BACKBONE))) {
            assertThat(now.names()).isEqualTo(before.names());
            now.requireFor(stage.features.backbone().extractor.backbone().network());
            for (String name : before.names()) {
                if (!name.endsWith(".num_batches_tracked")
                        && !Arrays.equals(
                                now.tensor(name).toArray(), before.tensor(name).toArray())) {
                    changed.add(name);
                }
            }
        }
        return changed;
    }

    /// The parameters that the run was to learn: weights, gains and offsets, but no statistics.
    private Set<String> learned(JsonPath run) {
        Network network = stage.features.backbone().extractor.network();
        Set<Node> chosen = new HashSet<>(network.select("blocks.6"));
        chosen.addAll(network.select("conv_head"));
        List<ParameterSpec> learned = network.steps().stream()
                .filter(step -> chosen.contains(step.node()))
                .flatMap(step -> step.parameters().stream())
                .filter(ParameterSpec::learned)
                .toList();
        long parameters = learned.stream()
                .mapToLong(parameter -> parameter.shape().elements())
                .sum();
        assertThat(run.getLong("result.fineTuned.parameters")).isEqualTo(parameters);
        return learned.stream().map(ParameterSpec::name).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theSameRunGivesTheSameBytes() {
        String dataset = stage.dataset("tuned-again", 2, 12, _ -> null);

        JsonPath first = stage.ended(stage.begin(SETTINGS.formatted(dataset)));
        JsonPath second = stage.ended(stage.begin(SETTINGS.formatted(dataset)));

        assertThat(second.getString("result.digest")).as(second.prettify()).isEqualTo(first.getString("result.digest"));
        for (String file : Set.of(BundleFiles.BACKBONE, BundleFiles.HEAD, ModelCard.NETWORK)) {
            assertThat(stage.read(ObjectKeys.bundlePrefix(dataset, 2) + file))
                    .as(file)
                    .isEqualTo(stage.read(ObjectKeys.bundlePrefix(dataset, 1) + file));
        }
    }

    @Test
    void graftsHeadsOnAVersionThatWasTunedAndTunesItAgain() throws IOException {
        String first = stage.dataset("first", 3, 14, i -> i < 10 ? Split.TRAIN : Split.TEST);
        succeeded(SETTINGS.formatted(first));

        String grafted = first + "-grafted";
        JsonPath run = succeeded(on(first, first + "@1", grafted, ""));
        String second = first + "-second";
        succeeded(on(first, first + "@1", second, TUNED));
        String third = first + "-third";
        succeeded(on(first, second + "@1", third, ""));

        String published = stage.features.backbone().extractor.backbone().name();
        assertThat(run.getString("spec.backbone")).isEqualTo(first + "@1");
        assertThat(run.getDouble("result.testAccuracy")).isGreaterThan(0.8);
        PublishedBundle bundle = PublishedBundle.complete(stage, grafted, 1);
        bundle.assertServesWhatWasMeasured();
        assertThat(bundle.card().files()).doesNotContainKey(ModelCard.BACKBONE);
        JsonPath card = JsonPath.from(text(grafted, 1, ModelCard.FILE));
        assertThat(card.getList("lineage")).containsExactly(first + "@1", published);
        assertThat(card.getString("extractor.weightsSha256")).isEqualTo(sha256(first));
        assertThat(text(grafted, 1, BundleFiles.REPORT)).contains(first + "@1, fine-tuned from " + published);
        PublishedBundle.complete(stage, second, 1).assertServesWhatWasMeasured();
        assertThat(changedTensors(second, stage.read(ObjectKeys.bundlePrefix(first, 1) + ModelCard.BACKBONE)))
                .isEqualTo(changedTensors(first));
        PublishedBundle.complete(stage, third, 1).assertServesWhatWasMeasured();
        JsonPath chained = JsonPath.from(text(third, 1, ModelCard.FILE));
        assertThat(chained.getList("lineage")).containsExactly(second + "@1", first + "@1", published);
        assertThat(chained.getString("extractor.weightsSha256")).isEqualTo(sha256(second));
    }

    @Test
    void saysWhyAVersionIsNoBackbone() {
        String dataset = stage.dataset("untuned", 3, 14, i -> i < 10 ? Split.TRAIN : Split.TEST);
        succeeded(Stage.byDefault(dataset));

        refused(dataset, dataset, "is a model, not a backbone", "NAME@VERSION", dataset + "@1");
        refused(dataset, dataset + "@1", "was not fine-tuned", "its backbone is tf_efficientnet_lite0.in1k");
        refused(dataset, dataset + "@2", "There is no version 2 of a model " + dataset);
        refused(dataset, dataset + "@newest", "NAME@VERSION");
    }

    @Test
    void whatWasPublishedOutlivesTheVersionThatItWasGraftedOn() throws IOException {
        String parent = stage.dataset("parent", 3, 14, i -> i < 10 ? Split.TRAIN : Split.TEST);
        succeeded(SETTINGS.formatted(parent));
        String child = parent + "-child";
        succeeded(on(parent, parent + "@1", child, TUNED));
        String held = stage.dataset("held", 3, 14, i -> i < 10 ? Split.TRAIN : Split.TEST);
        String waiting = stage.begin(on(held, parent + "@1", held, ""));
        await().atMost(Stage.PATIENCE).until(() -> stage.features.holds(waiting));

        for (String file : List.of(ModelCard.FILE, ModelCard.BACKBONE, ModelCard.NETWORK)) {
            stage.delete(ObjectKeys.bundlePrefix(parent, 1) + file);
        }
        stage.features.letGo(waiting);

        JsonPath failed = stage.ended(waiting);
        assertThat(failed.getString("state")).isEqualTo("FAILED");
        assertThat(failed.getString("problem.pointer")).isEqualTo("/backbone");
        assertThat(failed.getString("problem.detail"))
                .contains("There is no version 1 of a model " + parent, "deleted");
        refused(parent, parent + "@1", "There is no version 1 of a model " + parent);
        PublishedBundle.complete(stage, child, 1).assertServesWhatWasMeasured();
        succeeded(on(parent, child + "@1", parent + "-grandchild", ""));
    }

    private static String on(String dataset, String backbone, String model, String more) {
        return "{\"dataset\": \"%s\", \"backbone\": \"%s\", \"model\": \"%s\"%s}"
                .formatted(dataset, backbone, model, more);
    }

    private JsonPath succeeded(String request) {
        JsonPath run = stage.ended(stage.begin(request));
        assertThat(run.getString("state")).as(run.prettify()).isEqualTo("SUCCEEDED");
        return run;
    }

    private static void refused(String dataset, String backbone, String... details) {
        String detail = given().contentType(ContentType.JSON)
                .body(on(dataset, backbone, dataset, ""))
                .post("/v1/training-runs")
                .then()
                .statusCode(422)
                .body("pointer", equalTo("/backbone"))
                .extract()
                .path("detail");
        assertThat(detail).contains(details);
    }

    private String sha256(String model) {
        return Sha256.of(stage.read(ObjectKeys.bundlePrefix(model, 1) + ModelCard.BACKBONE));
    }
}

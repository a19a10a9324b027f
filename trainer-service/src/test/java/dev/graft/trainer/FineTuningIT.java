package dev.graft.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.ModelCard;
import dev.graft.contracts.ObjectKeys;
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
        byte[] tuned = stage.read(ObjectKeys.bundlePrefix(model, 1) + BundleFiles.BACKBONE);
        Set<String> changed = new TreeSet<>();
        try (Safetensors published = Backbone.WEIGHTS.open(
                        extractor.backbone().name(), extractor.identity().weightsSha256());
                Safetensors now = Safetensors.of(tuned)) {
            assertThat(now.names()).isEqualTo(published.names());
            now.requireFor(extractor.backbone().network());
            for (String name : published.names()) {
                if (!name.endsWith(".num_batches_tracked")
                        && !Arrays.equals(
                                now.tensor(name).toArray(),
                                published.tensor(name).toArray())) {
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
}

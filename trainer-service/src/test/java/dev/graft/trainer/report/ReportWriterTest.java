package dev.graft.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.ModelCard;
import dev.graft.objectstore.InMemoryObjectStore;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.dataset.Partition.Example;
import dev.graft.trainer.embedding.Extractors;
import dev.graft.trainer.evaluation.Comparison;
import dev.graft.trainer.evaluation.Evaluation;
import dev.graft.trainer.finetune.FineTuneSettings;
import dev.graft.trainer.finetune.FineTuned;
import dev.graft.trainer.finetune.TuningSet;
import dev.graft.trainer.head.ClassWeights;
import dev.graft.trainer.head.CurvePoint;
import dev.graft.trainer.head.HeadLayer;
import dev.graft.trainer.head.StrengthCandidate;
import dev.graft.trainer.head.TrainedHead;
import dev.graft.trainer.model.Lineage;
import dev.graft.trainer.model.TrainedModel;
import dev.graft.trainer.model.TunedBackbone;
import dev.graft.weightstore.ChosenExtractor;
import dev.graft.weightstore.WeightStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportWriterTest {
    private static final Map<String, ModelCard.BundleFile> FILES =
            Map.of(ModelCard.NETWORK, new ModelCard.BundleFile("0".repeat(64), 14_300_000));

    private final ReportWriter writer = new ReportWriter(new InMemoryObjectStore());

    @Test
    void labelsCannotBecomeMarkup() {
        String report = writer.html(model(List.of("<script>alert('a')</script>", "\"b\" & c"), 4, true), 0, FILES);

        assertThat(report)
                .doesNotContain("<script>")
                .contains("&lt;script&gt;alert(&#39;a&#39;)&lt;/script&gt;", "&quot;b&quot; &amp; c");
    }

    @Test
    void saysWhatIsMissing() {
        String report = writer.html(model(List.of("a", "b"), 4, true), 3, FILES);

        assertThat(report)
                .contains("3 pictures of the dataset could not be read", "The picture is gone from object storage");
    }

    @Test
    void saysSoWhenThereAreNoMistakesOrNothingIsRight() {
        assertThat(writer.html(model(List.of("a", "b"), 4, false), 0, FILES)).contains("There are none.");
        assertThat(writer.html(model(List.of("a", "b"), 1, true), 0, FILES)).contains("None.");
    }

    @Test
    void manyClassesAreShownByTheirMostFrequentMistakes() {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            labels.add("class %03d".formatted(i));
        }

        String report = writer.html(model(labels, 600, true), 0, FILES);

        assertThat(report).contains("The whole matrix of 200 classes").doesNotContain("class=\"matrix\"");
    }

    @Test
    void namesTheSplitThatWasEvaluated() {
        assertThat(writer.html(model(List.of("a", "b"), 4, false), 0, FILES))
                .contains("its val split, which served for nothing else");
    }

    @Test
    void listsStagesLayersAndFiles() {
        TrainedModel model = model(List.of("a", "b"), 4, false);

        assertThat(writer.html(model, 0, FILES))
                .contains("No parameters of the backbone were trained, 3,371,008 stayed as they were; the head has 4.")
                .contains("<th scope=\"row\">model.onnx</th><td>14.3\u00a0MB</td>");
        assertThat(writer.html(tuned(model, model.evaluation()), 0, FILES))
                .contains("412,160 parameters of the backbone were trained, 2,958,848 stayed as they were")
                .contains("<th scope=\"row\">conv_head</th><td>Conv2d</td><td class=\"n\">1280 × 7 × 7</td>");
    }

    /// Of four images two became right; none became wrong.
    @Test
    void showsWhatFineTuningHasChanged() {
        TrainedModel mistaken = model(List.of("a", "b"), 4, true);
        TrainedModel now = model(List.of("a", "b"), 4, false);

        String report = writer.html(tuned(now, mistaken.evaluation()), 0, FILES);

        assertThat(report)
                .contains("Before: the head alone", "Now: fine-tuned", "none was better than the beginning")
                .contains("epochs of the head, then epochs of fine-tuning", ">unfrozen</text>", "class=\"moment\"")
                .contains(">epoch 1</text>", ">epoch 2</text>");
        assertThat(writer.html(now, 0, FILES)).doesNotContain("class=\"moment\"");
        assertThat(report.split("before <b>b</b>", -1))
                .as("images that became right")
                .hasSize(1 + 2);
        assertThat(report.substring(report.indexOf("Became wrong by fine-tuning")))
                .startsWith("Became wrong by fine-tuning</h2>\n<p>None.</p>");
    }

    /// The head of most runs: its curve has a loss at every step, and no accuracy.
    @Test
    void drawsTheStepsOfLbfgsBeforeTheEpochsOfFineTuning() {
        TrainedModel model = model(List.of("a", "b"), 4, false);
        TrainedHead converged = new TrainedHead(
                model.head().layers(),
                false,
                List.of(new CurvePoint(1, 0.7, null), new CurvePoint(20, 0.1, null)),
                20,
                1,
                10.0,
                List.of(new StrengthCandidate(10, 0.2, 0.9)),
                0.9);

        String report = writer.html(tuned(model, model.evaluation(), converged), 0, FILES);

        assertThat(report)
                .contains("steps of L-BFGS, then epochs of fine-tuning", ">step 1</text>", ">epoch 2</text>")
                .contains("Accuracy on the pictures held out, while fine-tuning")
                .contains("Cross-validated loss by strength");
    }

    private static TrainedModel tuned(TrainedModel model, Evaluation before) {
        return tuned(model, before, model.head());
    }

    private static TrainedModel tuned(TrainedModel model, Evaluation before, TrainedHead headBefore) {
        FineTuneSettings settings = new FineTuneSettings(
                List.of("conv_head"),
                false,
                "adamw",
                3,
                8,
                1e-3,
                1,
                "cosine",
                1,
                0,
                0,
                0,
                0,
                null,
                3,
                false,
                null,
                null);
        TuningSet set = new TuningSet(List.of("0", "1"), new int[] {0, 1}, 2, new int[0], new ClassWeights.Equal(), 0);
        TunedBackbone backbone = new TunedBackbone(
                set,
                settings,
                new FineTuned(new LinkedHashMap<>(), model.head(), 0),
                headBefore,
                before,
                Comparison.of(before, model.evaluation()),
                1);
        return new TrainedModel(
                model.name(),
                model.version(),
                model.lineage(),
                model.spec(),
                "linear",
                model.extractor(),
                model.partition(),
                Optional.of(backbone),
                model.head(),
                model.headFile(),
                model.evaluation());
    }

    /// Every image is answered with the class after its own when there are to be mistakes.
    private static TrainedModel model(List<String> labels, int images, boolean mistaken) {
        List<Example> evaluated = new ArrayList<>();
        float[][] probabilities = new float[images][labels.size()];
        int[] truth = new int[images];
        for (int i = 0; i < images; i++) {
            truth[i] = i % labels.size();
            evaluated.add(new Example("%064x".formatted(i), truth[i]));
            boolean wrong = mistaken && i % 2 == 0;
            probabilities[i][wrong ? (truth[i] + 1) % labels.size() : truth[i]] = 1;
        }
        ChosenExtractor extractor = Extractors.chosen(
                new WeightStore(new InMemoryObjectStore(), Path.of("target", "weights")), ExtractorChoice.defaults());
        TrainedHead head = new TrainedHead(
                List.of(new HeadLayer(1, labels.size(), new float[labels.size()], new float[labels.size()])),
                false,
                List.of(new CurvePoint(1, 0.7, 0.5), new CurvePoint(2, 0.6, 0.75)),
                2,
                1,
                null,
                List.of(),
                0.75);
        return new TrainedModel(
                "model",
                1,
                new Lineage("run", Instant.EPOCH, "dataset", 1, "0".repeat(64), "1".repeat(64)),
                Map.of("head", "linear"),
                "linear",
                extractor,
                new Partition(labels, evaluated, new int[0], evaluated, Partition.Source.VALIDATION_SPLIT),
                Optional.empty(),
                head,
                new byte[] {1},
                Evaluation.of(probabilities, truth, labels.size()));
    }
}

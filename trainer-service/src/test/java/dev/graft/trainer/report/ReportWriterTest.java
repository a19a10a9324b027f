package dev.graft.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.objectstore.InMemoryObjectStore;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.dataset.Partition.Example;
import dev.graft.trainer.embedding.Extractors;
import dev.graft.trainer.evaluation.Evaluation;
import dev.graft.trainer.head.CurvePoint;
import dev.graft.trainer.head.HeadLayer;
import dev.graft.trainer.head.TrainedHead;
import dev.graft.trainer.model.Lineage;
import dev.graft.trainer.model.TrainedModel;
import dev.graft.weightstore.ChosenExtractor;
import dev.graft.weightstore.WeightStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportWriterTest {
    private final ReportWriter writer = new ReportWriter(new InMemoryObjectStore());

    @Test
    void labelsCannotBecomeMarkup() {
        String report = writer.html(model(List.of("<script>alert('a')</script>", "\"b\" & c"), 4, true), 0);

        assertThat(report)
                .doesNotContain("<script>")
                .contains("&lt;script&gt;alert(&#39;a&#39;)&lt;/script&gt;", "&quot;b&quot; &amp; c");
    }

    @Test
    void saysWhatIsMissing() {
        String report = writer.html(model(List.of("a", "b"), 4, true), 3);

        assertThat(report)
                .contains("3 pictures of the dataset could not be read", "The picture is gone from object storage");
    }

    @Test
    void saysSoWhenThereAreNoMistakesOrNothingIsRight() {
        assertThat(writer.html(model(List.of("a", "b"), 4, false), 0)).contains("There are none.");
        assertThat(writer.html(model(List.of("a", "b"), 1, true), 0)).contains("None.");
    }

    @Test
    void manyClassesAreShownByTheirMostFrequentMistakes() {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            labels.add("class %03d".formatted(i));
        }

        String report = writer.html(model(labels, 600, true), 0);

        assertThat(report).contains("The whole matrix of 200 classes").doesNotContain("class=\"matrix\"");
    }

    @Test
    void namesTheSplitThatWasEvaluated() {
        assertThat(writer.html(model(List.of("a", "b"), 4, false), 0))
                .contains("its val split, which served for nothing else");
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

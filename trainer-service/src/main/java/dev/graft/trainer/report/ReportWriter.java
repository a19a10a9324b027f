package dev.graft.trainer.report;

import dev.graft.contracts.ModelCard;
import dev.graft.objectstore.ObjectStore;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.evaluation.Comparison;
import dev.graft.trainer.evaluation.Evaluation;
import dev.graft.trainer.evaluation.Evaluation.Answer;
import dev.graft.trainer.evaluation.Interval;
import dev.graft.trainer.finetune.FineTuneSettings;
import dev.graft.trainer.model.TrainedModel;
import dev.graft.trainer.model.TunedBackbone;
import dev.graft.trainer.report.ReportPage.Accuracy;
import dev.graft.trainer.report.ReportPage.Change;
import dev.graft.trainer.report.ReportPage.ChangedCard;
import dev.graft.trainer.report.ReportPage.Fact;
import dev.graft.trainer.report.ReportPage.ImageCard;
import dev.graft.trainer.report.ReportPage.Matrix;
import dev.graft.trainer.report.ReportPage.MatrixRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Writes the report of a run.
@ApplicationScoped
public class ReportWriter {
    private static final int WORST = 24;
    private static final int GALLERY = 24;
    private static final int CHANGED = 12;
    private static final String STYLE = ReportTemplate.read("report.css");

    private final ImageCards cards;
    private final VariantRows variants;

    /// Makes a writer that shows images from a store.
    public ReportWriter(ObjectStore store) {
        this.cards = new ImageCards(store);
        this.variants = new VariantRows(store);
    }

    /// Writes the report. Reads the images it shows from object storage, and blocks.
    ///
    /// @param failedImages images of the dataset that have no embedding
    /// @param files the other files of the bundle, by name
    /// @return an HTML document that refers to nothing outside itself
    public String html(TrainedModel model, long failedImages, Map<String, ModelCard.BundleFile> files) {
        return ReportTemplate.render(page(model, failedImages, files));
    }

    private ReportPage page(TrainedModel model, long failedImages, Map<String, ModelCard.BundleFile> files) {
        Evaluation evaluation = model.evaluation();
        Partition partition = model.partition();
        List<String> labels = partition.labels();
        List<Matrix> matrices = matrices(model);
        List<Answer> mistakes = evaluation.mistakes();
        return new ReportPage(
                STYLE,
                model.name(),
                model.version(),
                accuracy(evaluation),
                tiles(model),
                sentences(model),
                failedImages == 0
                        ? ""
                        : "%s pictures of the dataset could not be read by the backbone and were left out."
                                .formatted(Figures.count(failedImages)),
                LearningCurves.of(model),
                model.tuned()
                        .map(backbone -> variants.of(
                                backbone, model.extractor().backbone().preprocessing()))
                        .orElse(List.of()),
                matrices,
                matrices.isEmpty() ? ClassTables.mostFrequent(evaluation, labels) : List.of(),
                labels,
                ClassTables.classes(evaluation, labels),
                mistakes.size() > WORST
                        ? "The %d of %s that held the true class least probable."
                                .formatted(WORST, Figures.count(mistakes.size()))
                        : "All of them, the one that held the true class least probable first.",
                model.tuned().map(backbone -> changes(backbone, model)).orElse(List.of()),
                cards.of(mistakes.subList(0, Math.min(WORST, mistakes.size())), partition),
                cards.of(gallery(evaluation), partition),
                NetworkTables.of(model),
                ReportFacts.files(files),
                ReportFacts.settings(model),
                ReportFacts.lineage(model));
    }

    private static List<Matrix> matrices(TrainedModel model) {
        List<String> labels = model.partition().labels();
        if (labels.size() > ClassTables.MATRIX_UP_TO) {
            return List.of();
        }
        List<MatrixRow> now = ClassTables.matrix(model.evaluation(), labels);
        return model.tuned()
                .map(backbone -> List.of(
                        new Matrix(
                                "Before: the head alone, on the backbone as it was",
                                ClassTables.matrix(backbone.before(), labels)),
                        new Matrix(
                                backbone.isHeadAlone() ? "Now: learned from varied pictures" : "Now: fine-tuned", now)))
                .orElseGet(() -> List.of(new Matrix("", now)));
    }

    private List<Change> changes(TunedBackbone backbone, TrainedModel model) {
        String by = backbone.isHeadAlone() ? "by learning from varied pictures" : "by fine-tuning";
        return List.of(
                change("Became right " + by, backbone.before(), model, true),
                change("Became wrong " + by, backbone.before(), model, false));
    }

    /// Takes the images whose true class won or lost most first.
    private Change change(String title, Evaluation before, TrainedModel model, boolean right) {
        List<Answer> changed = model.evaluation().answers().stream()
                .filter(now ->
                        now.right() == right && before.answers().get(now.row()).right() != right)
                .sorted(Comparator.<Answer>comparingDouble(now -> -Math.abs(now.trueProbability()
                                - before.answers().get(now.row()).trueProbability()))
                        .thenComparingInt(Answer::row))
                .toList();
        List<Answer> shown = changed.subList(0, Math.min(CHANGED, changed.size()));
        List<ImageCard> shownCards = cards.of(shown, model.partition());
        List<ChangedCard> all = new ArrayList<>();
        for (int i = 0; i < shown.size(); i++) {
            Answer earlier = before.answers().get(shown.get(i).row());
            all.add(new ChangedCard(
                    shownCards.get(i),
                    model.partition().labels().get(earlier.answeredLabel()),
                    Figures.percent(earlier.probability())));
        }
        String note = changed.size() > CHANGED
                ? "%d of %s, those first that changed most.".formatted(CHANGED, Figures.count(changed.size()))
                : "All of them, those first that changed most.";
        return new Change(title, note, all);
    }

    private static List<String> sentences(TrainedModel model) {
        List<String> sentences = new ArrayList<>();
        sentences.add(source(model.partition()));
        sentences.add("The head learned from %s pictures. %s"
                .formatted(Figures.count(model.partition().learning().size()), choosing(model)));
        model.tuned().ifPresent(backbone -> {
            sentences.add(fineTuning(backbone));
            if (backbone.settings().augment() != null) {
                sentences.add(varied(backbone));
            }
        });
        return sentences;
    }

    private static String varied(TunedBackbone backbone) {
        FineTuneSettings settings = backbone.settings();
        if (!settings.augmentation().isVaried()) {
            return "Meanwhile the pictures learned from were mixed: %s.".formatted(settings.augment());
        }
        return "Meanwhile the pictures learned from were varied: %s. %s"
                .formatted(
                        settings.augment(),
                        settings.augmentVariants() == null
                                ? "Each epoch saw another variant of each."
                                : "The epochs saw %d variants of each in turn.".formatted(backbone.seenVariants()));
    }

    private static String fineTuning(TunedBackbone backbone) {
        Comparison comparison = backbone.comparison();
        int kept = backbone.tuned().bestEpoch();
        return "%s in %d epochs, of which %s. The accuracy on the same pictures was %s before; %s became right and %s wrong. The difference is %s points (95 %% interval %s to %s; McNemar's mid-P %s)."
                .formatted(
                        trained(backbone),
                        backbone.tuned().head().steps(),
                        kept == 0
                                ? "none was better than the beginning, which was kept"
                                : "epoch %d was kept".formatted(kept),
                        Figures.percent(backbone.before().accuracy()),
                        Figures.count(comparison.rightAfter()),
                        Figures.count(comparison.rightBefore()),
                        points(comparison.difference()),
                        points(comparison.interval().low()),
                        points(comparison.interval().high()),
                        Figures.probability(comparison.probability()));
    }

    private static String trained(TunedBackbone backbone) {
        boolean joint = backbone.settings().joint();
        return backbone.isHeadAlone()
                ? "%s then learned from varied pictures".formatted(joint ? "A head that began anew" : "It")
                : "Fine-tuning then trained %s of the backbone with %s: %s parameters"
                        .formatted(
                                String.join(", ", backbone.settings().stages()),
                                joint ? "a head that began anew" : "it",
                                Figures.count(backbone.parameters()));
    }

    private static String points(double difference) {
        return Figures.format("%+.1f", 100 * difference);
    }

    private static Accuracy accuracy(Evaluation evaluation) {
        Interval interval = evaluation.accuracyInterval();
        return new Accuracy(
                Figures.percent(evaluation.accuracy()),
                Figures.percent(interval.low()),
                Figures.percent(interval.high()),
                Figures.count(evaluation.right()),
                Figures.count(evaluation.images()),
                Figures.format("%.2f", 100 * interval.low()),
                Figures.format("%.2f", 100 * (interval.high() - interval.low())),
                Figures.format("%.2f", 100 * evaluation.accuracy()));
    }

    private static List<Fact> tiles(TrainedModel model) {
        Evaluation evaluation = model.evaluation();
        List<Fact> tiles = new ArrayList<>();
        tiles.add(new Fact("Classes", Figures.count(evaluation.classes())));
        tiles.add(new Fact(
                "Learned from", Figures.count(model.partition().learning().size())));
        tiles.add(new Fact("Evaluated on", Figures.count(evaluation.images())));
        if (evaluation.classes() > 5) {
            tiles.add(new Fact("Among the top five", Figures.percent(evaluation.topFiveAccuracy())));
        }
        tiles.add(new Fact("Log loss", Figures.number(evaluation.logLoss())));
        return tiles;
    }

    private static String source(Partition partition) {
        return switch (partition.source()) {
            case TEST_SPLIT ->
                "The dataset has a test split. It served for this evaluation only, after all learning and choosing was done.";
            case VALIDATION_SPLIT ->
                "The dataset has no test split, so the evaluation was made on its val split, which served for nothing else: neither for learning nor for choosing.";
            case DRAWN ->
                "The dataset has no split to evaluate on, so a share of every class was drawn by the seed and kept apart. It served for this evaluation only.";
        };
    }

    private static String choosing(TrainedModel model) {
        if (model.head().strength() != null) {
            return "The strength of its regularisation and its temperature were chosen by cross-validation among these.";
        }
        return model.partition().validation().length > 0
                ? "The val pictures among these decided when to stop, and the temperature; nothing was learned from them."
                : "A tenth of these, drawn by the seed, decided when to stop, and the temperature; nothing was learned from them.";
    }

    /// Takes right answers from one class after the other.
    private static List<Answer> gallery(Evaluation evaluation) {
        List<List<Answer>> byClass = new ArrayList<>();
        for (int label = 0; label < evaluation.classes(); label++) {
            byClass.add(new ArrayList<>());
        }
        evaluation.answers().stream()
                .filter(Answer::right)
                .forEach(answer -> byClass.get(answer.trueLabel()).add(answer));
        List<Answer> gallery = new ArrayList<>();
        int deepest = byClass.stream().mapToInt(List::size).max().orElse(0);
        for (int depth = 0; depth < deepest; depth++) {
            for (List<Answer> of : byClass) {
                if (depth < of.size() && gallery.size() < GALLERY) {
                    gallery.add(of.get(depth));
                }
            }
        }
        return gallery;
    }
}

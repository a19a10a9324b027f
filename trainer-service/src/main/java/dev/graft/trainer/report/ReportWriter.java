package dev.graft.trainer.report;

import dev.graft.objectstore.ObjectStore;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.evaluation.Evaluation;
import dev.graft.trainer.evaluation.Evaluation.Answer;
import dev.graft.trainer.evaluation.Interval;
import dev.graft.trainer.head.CurvePoint;
import dev.graft.trainer.head.StrengthCandidate;
import dev.graft.trainer.head.TrainedHead;
import dev.graft.trainer.model.TrainedModel;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// Writes the report of a run.
@ApplicationScoped
public class ReportWriter {
    private static final int WORST = 24;
    private static final int GALLERY = 24;
    private static final String STYLE = style();

    private final PictureCards cards;

    /// Makes a writer that shows pictures from a store.
    public ReportWriter(ObjectStore store) {
        this.cards = new PictureCards(store);
    }

    /// Writes the report. Reads the pictures it shows from object storage, and blocks.
    ///
    /// @param failedPictures pictures of the dataset that have no embedding
    /// @return an HTML document that refers to nothing outside itself
    public String html(TrainedModel model, long failedPictures) {
        Html html = new Html();
        html.raw("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">")
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
                        + "style-src 'unsafe-inline'\"><meta name=\"color-scheme\" content=\"light dark\">")
                .element("title", "%s, version %d".formatted(model.name(), model.version()))
                .raw("<style>" + STYLE + "</style></head><body>");
        header(html, model);
        html.raw("<main>");
        parts(html, model, failedPictures);
        learning(html, model.head());
        html.raw("<section><h2>What is taken for what</h2>");
        ClassTables.confusion(html, model.evaluation(), model.partition().labels());
        html.raw("</section><section><h2>Class by class</h2>");
        ClassTables.figures(html, model.evaluation(), model.partition().labels());
        html.raw("</section>");
        pictures(html, model);
        ReportFacts.settings(html, model);
        ReportFacts.lineage(html, model);
        html.raw("</main><footer>Made by Graft. This file needs no network.</footer></body></html>");
        return html.toString();
    }

    private static void header(Html html, TrainedModel model) {
        Evaluation evaluation = model.evaluation();
        Interval interval = evaluation.accuracyInterval();
        html.raw("<header><p class=\"kicker\">Training report</p><h1>")
                .text(model.name())
                .raw(" <small>version ")
                .text(String.valueOf(model.version()))
                .raw("</small></h1><div class=\"hero\"><div class=\"figure\"><strong>")
                .text(Html.percent(evaluation.accuracy()))
                .raw("</strong><span>of pictures not seen before are recognised</span></div>");
        html.raw("<div class=\"interval\"><div class=\"scale\" role=\"img\" aria-label=\"")
                .text("95 %% confidence interval from %s to %s"
                        .formatted(Html.percent(interval.low()), Html.percent(interval.high())))
                .raw(String.format(
                        Locale.ROOT,
                        "\"><span class=\"range\" style=\"left:%.2f%%;width:%.2f%%\"></span>"
                                + "<span class=\"point\" style=\"left:%.2f%%\"></span></div>",
                        100 * interval.low(),
                        100 * (interval.high() - interval.low()),
                        100 * evaluation.accuracy()))
                .raw("<p>")
                .text("%s of %s right. On all such pictures the share lies between %s and %s, with 95 %% confidence."
                        .formatted(
                                Html.count(evaluation.right()),
                                Html.count(evaluation.pictures()),
                                Html.percent(interval.low()),
                                Html.percent(interval.high())))
                .raw("</p></div></div><dl class=\"tiles\">");
        tile(html, "Classes", Html.count(evaluation.classes()));
        tile(html, "Learned from", Html.count(model.partition().learning().size()));
        tile(html, "Evaluated on", Html.count(evaluation.pictures()));
        if (evaluation.classes() > 5) {
            tile(html, "Among the top five", Html.percent(evaluation.topFiveAccuracy()));
        }
        tile(html, "Log loss", Html.number(evaluation.logLoss()));
        html.raw("</dl></header>");
    }

    private static void tile(Html html, String name, String value) {
        html.raw("<div>").element("dt", name).element("dd", value).raw("</div>");
    }

    private static void parts(Html html, TrainedModel model, long failedPictures) {
        Partition partition = model.partition();
        html.raw("<section><h2>Which pictures served for what</h2><p>")
                .text(
                        switch (partition.source()) {
                            case TEST_PART ->
                                "The dataset has a test part. It served for this evaluation only, after all learning and choosing was done.";
                            case VALIDATION_PART ->
                                "The dataset has no test part, so the evaluation was made on its val part, which served for nothing else: neither for learning nor for choosing.";
                            case DRAWN ->
                                "The dataset has no part to evaluate on, so a share of every class was drawn by the seed and kept apart. It served for this evaluation only.";
                        })
                .raw("</p><p>")
                .text("The head learned from %s pictures. %s"
                        .formatted(Html.count(partition.learning().size()), choosing(model)))
                .raw("</p>");
        if (failedPictures > 0) {
            html.raw("<p class=\"warning\">")
                    .text("%s pictures of the dataset could not be read by the backbone and were left out."
                            .formatted(Html.count(failedPictures)))
                    .raw("</p>");
        }
        html.raw("</section>");
    }

    private static String choosing(TrainedModel model) {
        if (model.head().strength() != null) {
            return "The strength of its regularisation and its temperature were chosen by cross-validation among these.";
        }
        return model.partition().validation().length > 0
                ? "The val pictures among these decided when to stop, and the temperature; nothing was learned from them."
                : "A tenth of these, drawn by the seed, decided when to stop, and the temperature; nothing was learned from them.";
    }

    private static void learning(Html html, TrainedHead head) {
        html.raw("<section><h2>How it learned</h2><div class=\"charts\">");
        List<LineChart.Point> losses = new ArrayList<>();
        List<LineChart.Point> accuracies = new ArrayList<>();
        for (CurvePoint point : head.curve()) {
            losses.add(new LineChart.Point(
                    point.step(), point.loss(), "step %d: %s".formatted(point.step(), Html.number(point.loss()))));
            Double accuracy = point.accuracy();
            if (accuracy != null) {
                accuracies.add(new LineChart.Point(
                        point.step(), accuracy, "epoch %d: %s".formatted(point.step(), Html.percent(accuracy))));
            }
        }
        boolean steps = head.strength() != null;
        String unit = steps ? "step of L-BFGS" : "epoch";
        if (!losses.isEmpty()) {
            new LineChart("Loss on the pictures learned from", unit, losses, -1, ReportWriter::whole, Html::number)
                    .write(html);
        }
        if (!accuracies.isEmpty()) {
            new LineChart("Accuracy on the pictures held out", unit, accuracies, -1, ReportWriter::whole, Html::percent)
                    .write(html);
        }
        Double strength = head.strength();
        if (strength != null) {
            strengths(html, head.candidates(), strength);
        }
        html.raw("</div></section>");
    }

    private static void strengths(Html html, List<StrengthCandidate> candidates, double chosen) {
        List<LineChart.Point> points = new ArrayList<>();
        int marked = -1;
        for (StrengthCandidate candidate : candidates.reversed()) {
            if (candidate.strength() == chosen) {
                marked = points.size();
            }
            points.add(new LineChart.Point(
                    Math.log10(candidate.strength()),
                    candidate.loss(),
                    "strength %s: loss %s, accuracy %s"
                            .formatted(
                                    strength(Math.log10(candidate.strength())),
                                    Html.number(candidate.loss()),
                                    Html.percent(candidate.accuracy()))));
        }
        new LineChart(
                        "Cross-validated loss by strength of regularisation; the chosen one is marked",
                        "strength (logarithmic): the strongest within one standard error of the best",
                        points,
                        marked,
                        ReportWriter::strength,
                        Html::number)
                .write(html);
    }

    private static String strength(double logarithm) {
        return Html.count(Math.round(Math.pow(10, logarithm)));
    }

    private static String whole(double value) {
        return Html.count(Math.round(value));
    }

    private void pictures(Html html, TrainedModel model) {
        List<Answer> mistakes = model.evaluation().mistakes();
        html.raw("<section><h2>Worst mistakes</h2>");
        if (mistakes.isEmpty()) {
            html.raw("<p>There are none.</p>");
        } else {
            html.raw("<p class=\"note\">")
                    .text(
                            mistakes.size() > WORST
                                    ? "The %d of %s that held the true class least probable."
                                            .formatted(WORST, Html.count(mistakes.size()))
                                    : "All of them, the one that held the true class least probable first.")
                    .raw("</p>");
            cards.write(html, mistakes.subList(0, Math.min(WORST, mistakes.size())), model.partition());
        }
        List<Answer> gallery = gallery(model.evaluation());
        html.raw("</section><section><h2>Recognised</h2>");
        if (gallery.isEmpty()) {
            html.raw("<p>None.</p>");
        }
        cards.write(html, gallery, model.partition());
        html.raw("</section>");
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

    private static String style() {
        try (InputStream in = Objects.requireNonNull(ReportWriter.class.getResourceAsStream("report.css"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

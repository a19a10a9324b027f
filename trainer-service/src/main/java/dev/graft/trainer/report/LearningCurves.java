package dev.graft.trainer.report;

import dev.graft.trainer.head.CurvePoint;
import dev.graft.trainer.head.StrengthCandidate;
import dev.graft.trainer.head.TrainedHead;
import dev.graft.trainer.model.TrainedModel;
import dev.graft.trainer.model.TunedBackbone;
import dev.graft.trainer.report.LineChart.Moment;
import dev.graft.trainer.report.LineChart.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Draws how a model learned. Where another training followed that of the head, the curves of both are drawn end to end
/// with the moment between them. They are two lines, for each has a loss of its own: the second may smooth labels, and
/// that of L-BFGS counts the regularisation.
final class LearningCurves {
    private final TrainedHead first;
    private final List<CurvePoint> second;
    private final boolean headAlone;

    private LearningCurves(TrainedModel model) {
        Optional<TunedBackbone> tuned = model.tuned();
        this.first = tuned.map(TunedBackbone::headBefore).orElseGet(model::head);
        this.second = tuned.isPresent() ? model.head().curve() : List.of();
        this.headAlone = tuned.map(TunedBackbone::isHeadAlone).orElse(false);
    }

    static List<LineChart.Drawing> of(TrainedModel model) {
        LearningCurves curves = new LearningCurves(model);
        List<LineChart> charts = new ArrayList<>();
        curves.chart("Loss on the pictures learned from", CurvePoint::loss, Figures::number)
                .ifPresent(charts::add);
        curves.chart("Accuracy on the pictures held out", CurvePoint::accuracy, Figures::percent)
                .ifPresent(charts::add);
        Double strength = curves.first.strength();
        if (strength != null) {
            charts.add(strengths(curves.first.candidates(), strength));
        }
        return charts.stream().map(LineChart::drawing).toList();
    }

    private Optional<LineChart> chart(
            String title, Function<CurvePoint, @Nullable Double> value, DoubleFunction<String> words) {
        List<CurvePoint> before = known(first.curve(), value);
        List<CurvePoint> after = known(second, value);
        if (!before.isEmpty() && !after.isEmpty()) {
            return Optional.of(both(title, before, after, value, words));
        }
        if (!before.isEmpty()) {
            return Optional.of(one(title, unit(), before, value, words));
        }
        return after.isEmpty()
                ? Optional.empty()
                : Optional.of(one(
                        title + (headAlone ? ", while others were varied" : ", while fine-tuning"),
                        "epoch",
                        after,
                        value,
                        words));
    }

    private static List<CurvePoint> known(List<CurvePoint> curve, Function<CurvePoint, @Nullable Double> value) {
        return curve.stream().filter(point -> value.apply(point) != null).toList();
    }

    private String unit() {
        return first.strength() != null ? "step of L-BFGS" : "epoch";
    }

    private static LineChart one(
            String title,
            String unit,
            List<CurvePoint> curve,
            Function<CurvePoint, @Nullable Double> value,
            DoubleFunction<String> words) {
        return new LineChart(
                title,
                unit,
                List.of(points(curve, step -> step, unit, value, words)),
                -1,
                Optional.empty(),
                LearningCurves::whole,
                words);
    }

    /// The second training begins at 0. The first lies before it, in as much room as the second takes at most.
    private LineChart both(
            String title,
            List<CurvePoint> before,
            List<CurvePoint> after,
            Function<CurvePoint, @Nullable Double> value,
            DoubleFunction<String> words) {
        int last = before.getLast().step();
        double unitsPerStep = Math.min(1, (double) after.getLast().step() / last);
        boolean inSteps = first.strength() != null;
        return new LineChart(
                title,
                "%s, then epochs of %s"
                        .formatted(
                                inSteps ? "steps of L-BFGS" : "epochs of the head",
                                headAlone ? "varied pictures" : "fine-tuning"),
                List.of(
                        points(before, step -> (step - last) * unitsPerStep, unit(), value, words),
                        points(after, epoch -> epoch, "epoch", value, words)),
                -1,
                Optional.of(new Moment(0, headAlone ? "varied" : "unfrozen")),
                x -> x > 0
                        ? "epoch " + whole(Math.max(1, x))
                        : (inSteps ? "step " : "epoch ") + whole(last + x / unitsPerStep),
                words);
    }

    private static List<Point> points(
            List<CurvePoint> curve,
            DoubleUnaryOperator place,
            String unit,
            Function<CurvePoint, @Nullable Double> value,
            DoubleFunction<String> words) {
        return curve.stream()
                .map(point -> {
                    double y = Objects.requireNonNull(value.apply(point));
                    return new Point(
                            place.applyAsDouble(point.step()),
                            y,
                            "%s %d: %s".formatted(unit, point.step(), words.apply(y)));
                })
                .toList();
    }

    private static LineChart strengths(List<StrengthCandidate> candidates, double chosen) {
        List<Point> points = new ArrayList<>();
        int marked = -1;
        for (StrengthCandidate candidate : candidates.reversed()) {
            if (candidate.strength() == chosen) {
                marked = points.size();
            }
            points.add(new Point(
                    Math.log10(candidate.strength()),
                    candidate.loss(),
                    "strength %s: loss %s, accuracy %s"
                            .formatted(
                                    strength(Math.log10(candidate.strength())),
                                    Figures.number(candidate.loss()),
                                    Figures.percent(candidate.accuracy()))));
        }
        return new LineChart(
                "Cross-validated loss by strength of regularisation; the chosen one is marked",
                "strength (logarithmic): the strongest within one standard error of the best",
                List.of(points),
                marked,
                Optional.empty(),
                LearningCurves::strength,
                Figures::number);
    }

    private static String strength(double logarithm) {
        return Figures.count(Math.round(Math.pow(10, logarithm)));
    }

    private static String whole(double value) {
        return Figures.count(Math.round(value));
    }
}

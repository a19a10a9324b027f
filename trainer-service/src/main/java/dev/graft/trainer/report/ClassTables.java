package dev.graft.trainer.report;

import dev.graft.trainer.evaluation.ClassFigures;
import dev.graft.trainer.evaluation.Evaluation;
import dev.graft.trainer.report.ReportPage.Bar;
import dev.graft.trainer.report.ReportPage.Cell;
import dev.graft.trainer.report.ReportPage.ClassRow;
import dev.graft.trainer.report.ReportPage.Confusion;
import dev.graft.trainer.report.ReportPage.MatrixRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The tables of classes: which is taken for which, and how well each is recognised.
final class ClassTables {
    /// More classes than this make a matrix that nobody can read.
    static final int MATRIX_UP_TO = 30;

    private static final int CONFUSIONS = 40;
    private static final double DEEP = 0.55;

    private ClassTables() {}

    /// Gives the confusion matrix.
    static List<MatrixRow> matrix(Evaluation evaluation, List<String> labels) {
        List<MatrixRow> rows = new ArrayList<>();
        for (int truth = 0; truth < labels.size(); truth++) {
            List<Long> row = evaluation.confusion().get(truth);
            long images = Math.max(1, row.stream().mapToLong(Long::longValue).sum());
            List<Cell> cells = new ArrayList<>();
            for (int answer = 0; answer < labels.size(); answer++) {
                cells.add(cell(row.get(answer), (double) row.get(answer) / images, truth == answer));
            }
            rows.add(new MatrixRow(labels.get(truth), cells));
        }
        return rows;
    }

    private static Cell cell(long count, double share, boolean right) {
        String kind = right ? "right" : "wrong";
        return new Cell(
                count,
                share > DEEP ? kind + " deep" : kind,
                Figures.format("%.2f", 0.12 + 0.88 * share),
                Figures.format("%.1f", 100 * share));
    }

    private record Pair(int truth, int answer, long count) {}

    /// Gives the most frequent mistakes.
    static List<Confusion> mostFrequent(Evaluation evaluation, List<String> labels) {
        List<Pair> pairs = new ArrayList<>();
        for (int truth = 0; truth < labels.size(); truth++) {
            for (int answer = 0; answer < labels.size(); answer++) {
                long count = evaluation.confusion().get(truth).get(answer);
                if (truth != answer && count > 0) {
                    pairs.add(new Pair(truth, answer, count));
                }
            }
        }
        return pairs.stream()
                .sorted(Comparator.comparingLong(Pair::count)
                        .reversed()
                        .thenComparingInt(Pair::truth)
                        .thenComparingInt(Pair::answer))
                .limit(CONFUSIONS)
                .map(pair ->
                        new Confusion(labels.get(pair.truth()), labels.get(pair.answer()), Figures.count(pair.count())))
                .toList();
    }

    /// Gives how well each class is recognised.
    static List<ClassRow> classes(Evaluation evaluation, List<String> labels) {
        List<ClassFigures> figures = evaluation.byClass();
        List<ClassRow> rows = new ArrayList<>();
        for (int label = 0; label < labels.size(); label++) {
            ClassFigures of = figures.get(label);
            rows.add(new ClassRow(
                    labels.get(label),
                    Figures.count(of.images()),
                    Stream.of(bar(of.precision()), bar(of.recall()), bar(of.f1()))
                            .toList()));
        }
        return rows;
    }

    private static Bar bar(@Nullable Double share) {
        return new Bar(Figures.format("%.1f", share == null ? 0 : 100 * share), Figures.percent(share));
    }
}

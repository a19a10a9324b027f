package dev.graft.trainer.report;

import dev.graft.trainer.evaluation.ClassFigures;
import dev.graft.trainer.evaluation.Evaluation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The tables of classes: which is taken for which, and how well each is told.
final class ClassTables {
    /// More classes than this make a matrix that nobody can read.
    private static final int MATRIX_UP_TO = 30;

    private static final int CONFUSIONS = 40;
    private static final double DEEP = 0.55;

    private ClassTables() {}

    static void confusion(Html html, Evaluation evaluation, List<String> labels) {
        if (labels.size() <= MATRIX_UP_TO) {
            matrix(html, evaluation, labels);
        } else {
            mostFrequent(html, evaluation, labels);
        }
    }

    private static void matrix(Html html, Evaluation evaluation, List<String> labels) {
        html.raw("<p class=\"note\">Rows are true classes, columns are answers. "
                + "The deeper the colour, the greater the share of the row.</p>");
        html.raw("<div class=\"scroll\"><table class=\"matrix\"><thead><tr><td></td>");
        for (String label : labels) {
            html.raw("<th scope=\"col\"><span>").text(label).raw("</span></th>");
        }
        html.raw("</tr></thead><tbody>");
        for (int truth = 0; truth < labels.size(); truth++) {
            List<Long> row = evaluation.confusion().get(truth);
            long pictures = Math.max(1, row.stream().mapToLong(Long::longValue).sum());
            html.raw("<tr>").element("th scope=\"row\"", labels.get(truth));
            for (int answer = 0; answer < labels.size(); answer++) {
                cell(html, row.get(answer), (double) row.get(answer) / pictures, truth == answer);
            }
            html.raw("</tr>");
        }
        html.raw("</tbody></table></div>");
    }

    private static void cell(Html html, long count, double share, boolean right) {
        if (count == 0) {
            html.raw("<td class=\"none\">0</td>");
            return;
        }
        String kind = right ? "right" : "wrong";
        String depth = share > DEEP ? " deep" : "";
        html.raw(String.format(
                Locale.ROOT,
                "<td class=\"%s%s\" style=\"--a:%.2f\" title=\"%.1f %% of the row\">%d</td>",
                kind,
                depth,
                0.12 + 0.88 * share,
                100 * share,
                count));
    }

    private record Confusion(int truth, int answer, long count) {}

    private static void mostFrequent(Html html, Evaluation evaluation, List<String> labels) {
        List<Confusion> confusions = new ArrayList<>();
        for (int truth = 0; truth < labels.size(); truth++) {
            for (int answer = 0; answer < labels.size(); answer++) {
                long count = evaluation.confusion().get(truth).get(answer);
                if (truth != answer && count > 0) {
                    confusions.add(new Confusion(truth, answer, count));
                }
            }
        }
        confusions.sort(Comparator.comparingLong(Confusion::count)
                .reversed()
                .thenComparingInt(Confusion::truth)
                .thenComparingInt(Confusion::answer));
        html.raw("<p class=\"note\">The whole matrix of ")
                .text(Html.count(labels.size()))
                .raw(" classes is in model.json; these are the most frequent mistakes.</p>");
        html.raw("<table class=\"figures\"><thead><tr><th scope=\"col\">True class</th>"
                + "<th scope=\"col\">Answer</th><th scope=\"col\" class=\"n\">Times</th></tr></thead><tbody>");
        for (Confusion confusion : confusions.subList(0, Math.min(CONFUSIONS, confusions.size()))) {
            html.raw("<tr>")
                    .element("th scope=\"row\"", labels.get(confusion.truth()))
                    .element("td", labels.get(confusion.answer()))
                    .element("td class=\"n\"", Html.count(confusion.count()))
                    .raw("</tr>");
        }
        html.raw("</tbody></table>");
    }

    static void figures(Html html, Evaluation evaluation, List<String> labels) {
        html.raw("<div class=\"scroll\"><table class=\"figures\"><thead><tr><th scope=\"col\">Class</th>"
                + "<th scope=\"col\" class=\"n\">Pictures</th><th scope=\"col\">Precision</th>"
                + "<th scope=\"col\">Recall</th><th scope=\"col\">F1</th></tr></thead><tbody>");
        List<ClassFigures> figures = evaluation.byClass();
        for (int label = 0; label < labels.size(); label++) {
            ClassFigures of = figures.get(label);
            html.raw("<tr>")
                    .element("th scope=\"row\"", labels.get(label))
                    .element("td class=\"n\"", Html.count(of.pictures()));
            bar(html, of.precision());
            bar(html, of.recall());
            bar(html, of.f1());
            html.raw("</tr>");
        }
        html.raw("</tbody></table></div>");
    }

    private static void bar(Html html, @Nullable Double share) {
        double width = share == null ? 0 : 100 * share;
        html.raw("<td class=\"bar\"><span class=\"track\"><span class=\"fill\" style=\"width:"
                        + String.format(Locale.ROOT, "%.1f", width) + "%\"></span></span><span>")
                .text(Html.percent(share))
                .raw("</span></td>");
    }
}

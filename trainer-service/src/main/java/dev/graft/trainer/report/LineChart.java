package dev.graft.trainer.report;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/// A line chart as inline SVG.
///
/// @param title   what it shows, also for those who do not see it
/// @param x       what goes to the right
/// @param points  from left to right
/// @param marked  position of the point to point out; -1 for none
/// @param xLabel  writes a number of the horizontal axis
/// @param yLabel  writes a number of the vertical axis
record LineChart(
        String title,
        String x,
        List<Point> points,
        int marked,
        DoubleFunction<String> xLabel,
        DoubleFunction<String> yLabel) {
    private static final double WIDTH = 520;
    private static final double HEIGHT = 230;
    private static final double LEFT = 58;
    private static final double RIGHT = 14;
    private static final double TOP = 14;
    private static final double BOTTOM = 42;
    private static final int GRID_LINES = 4;
    private static final int DOTS_UP_TO = 24;

    /// A point; `note` appears when a mouse rests on it.
    record Point(double x, double y, String note) {}

    void write(Html html) {
        double xLow = points.getFirst().x();
        double xHigh = points.getLast().x();
        double yLow = points.stream().mapToDouble(Point::y).min().orElse(0);
        double yHigh = points.stream().mapToDouble(Point::y).max().orElse(1);
        double margin = yHigh > yLow ? (yHigh - yLow) * 0.06 : Math.max(Math.abs(yHigh) * 0.1, 1e-6);
        Frame frame = new Frame(
                xLow,
                xHigh > xLow ? xHigh : xLow + 1,
                yLow >= 0 ? Math.max(0, yLow - margin) : yLow - margin,
                yHigh + margin);
        html.raw("<figure class=\"chart\"><figcaption>").text(title).raw("</figcaption>");
        html.raw(format("<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"", WIDTH, HEIGHT))
                .text("%s: from %s to %s"
                        .formatted(
                                title,
                                yLabel.apply(points.getFirst().y()),
                                yLabel.apply(points.getLast().y())))
                .raw("\">");
        grid(html, frame);
        StringBuilder path = new StringBuilder();
        for (Point point : points) {
            path.append(path.isEmpty() ? 'M' : 'L').append(format("%.1f %.1f", frame.x(point.x()), frame.y(point.y())));
        }
        html.raw("<path class=\"line\" d=\"" + path + "\"/>");
        for (int i = 0; i < points.size(); i++) {
            if (i == marked || points.size() <= DOTS_UP_TO) {
                dot(html, frame, points.get(i), i == marked);
            }
        }
        html.raw("</svg></figure>");
    }

    private void grid(Html html, Frame frame) {
        for (int i = 0; i <= GRID_LINES; i++) {
            double value = frame.yLow() + (frame.yHigh() - frame.yLow()) * i / GRID_LINES;
            double y = frame.y(value);
            html.raw(format(
                            "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
                            LEFT, WIDTH - RIGHT, y, y))
                    .raw(format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">", LEFT - 8, y + 4))
                    .text(yLabel.apply(value))
                    .raw("</text>");
        }
        List<String> anchors = List.of("start", "middle", "end");
        for (int i = 0; i < anchors.size(); i++) {
            double value = frame.xLow() + (frame.xHigh() - frame.xLow()) * i / (anchors.size() - 1);
            html.raw(format(
                            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">",
                            frame.x(value), HEIGHT - BOTTOM + 18, anchors.get(i)))
                    .text(xLabel.apply(value))
                    .raw("</text>");
        }
        html.raw(format(
                        "<text class=\"axis\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">",
                        (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6))
                .text(x)
                .raw("</text>");
    }

    private static void dot(Html html, Frame frame, Point point, boolean pointedOut) {
        html.raw(format(
                        "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"><title>",
                        pointedOut ? "dot chosen" : "dot",
                        frame.x(point.x()),
                        frame.y(point.y()),
                        pointedOut ? "6" : "3"))
                .text(point.note())
                .raw("</title></circle>");
    }

    private record Frame(double xLow, double xHigh, double yLow, double yHigh) {
        double x(double value) {
            return LEFT + (value - xLow) / (xHigh - xLow) * (WIDTH - LEFT - RIGHT);
        }

        double y(double value) {
            return HEIGHT - BOTTOM - (value - yLow) / (yHigh - yLow) * (HEIGHT - BOTTOM - TOP);
        }
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}

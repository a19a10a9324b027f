package dev.graft.trainer.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;

/// A line chart.
///
/// @param title   what it shows, also for those who do not see it
/// @param x       what goes to the right
/// @param lines   one behind the other, the points of each from left to right
/// @param marked  position of the point to point out, counted over all lines; -1 for none
/// @param moment  what is pointed out on the horizontal axis
/// @param xLabel  writes a number of the horizontal axis
/// @param yLabel  writes a number of the vertical axis
record LineChart(
        String title,
        String x,
        List<List<Point>> lines,
        int marked,
        Optional<Moment> moment,
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

    /// A vertical line at a number of the horizontal axis, and its name.
    record Moment(double x, String name) {}

    /// A chart with its places computed: what the template draws.
    record Drawing(
            String title,
            String width,
            String height,
            String description,
            List<Line> grid,
            List<Text> texts,
            String moment,
            String path,
            List<Dot> dots) {}

    /// A line of the grid.
    record Line(String left, String right, String y) {}

    /// A text at a place.
    ///
    /// @param kind name of a class of the style; empty for none
    record Text(String kind, String x, String y, String anchor, String value) {}

    /// A point that is shown.
    record Dot(String kind, String x, String y, String radius, String note) {}

    Drawing drawing() {
        List<Point> points = points();
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
        StringBuilder path = new StringBuilder();
        for (List<Point> line : lines) {
            char command = 'M';
            for (Point point : line) {
                path.append(command).append(Figures.format("%.1f %.1f", frame.x(point.x()), frame.y(point.y())));
                command = 'L';
            }
        }
        return new Drawing(
                title,
                Figures.format("%.0f", WIDTH),
                Figures.format("%.0f", HEIGHT),
                "%s: from %s to %s"
                        .formatted(
                                title,
                                yLabel.apply(points.getFirst().y()),
                                yLabel.apply(points.getLast().y())),
                gridLines().mapToObj(line -> gridLine(frame, line)).toList(),
                texts(frame),
                moment.map(at -> Figures.format("M%.1f %.1fV%.1f", frame.x(at.x()), TOP, HEIGHT - BOTTOM))
                        .orElse(""),
                path.toString(),
                dots(frame, points));
    }

    private List<Point> points() {
        return lines.stream().flatMap(List::stream).toList();
    }

    private static IntStream gridLines() {
        return IntStream.rangeClosed(0, GRID_LINES);
    }

    private static double gridValue(Frame frame, int line) {
        return frame.yLow() + (frame.yHigh() - frame.yLow()) * line / GRID_LINES;
    }

    private static Line gridLine(Frame frame, int line) {
        return new Line(place(LEFT), place(WIDTH - RIGHT), place(frame.y(gridValue(frame, line))));
    }

    private List<Text> texts(Frame frame) {
        List<Text> texts = new ArrayList<>();
        gridLines()
                .mapToDouble(line -> gridValue(frame, line))
                .forEach(value -> texts.add(
                        new Text("", place(LEFT - 8), place(frame.y(value) + 4), "end", yLabel.apply(value))));
        List<String> anchors = List.of("start", "middle", "end");
        for (int i = 0; i < anchors.size(); i++) {
            double value = frame.xLow() + (frame.xHigh() - frame.xLow()) * i / (anchors.size() - 1);
            texts.add(new Text(
                    "", place(frame.x(value)), place(HEIGHT - BOTTOM + 18), anchors.get(i), xLabel.apply(value)));
        }
        moment.ifPresent(at ->
                texts.add(new Text("", place(frame.x(at.x()) + 6), place(TOP + 10), "start", at.name())));
        texts.add(new Text("axis", place((LEFT + WIDTH - RIGHT) / 2), place(HEIGHT - 6), "middle", x));
        return texts;
    }

    private List<Dot> dots(Frame frame, List<Point> points) {
        return IntStream.range(0, points.size())
                .filter(i -> i == marked || points.size() <= DOTS_UP_TO)
                .mapToObj(i -> new Dot(
                        i == marked ? "dot chosen" : "dot",
                        place(frame.x(points.get(i).x())),
                        place(frame.y(points.get(i).y())),
                        i == marked ? "6" : "3",
                        points.get(i).note()))
                .toList();
    }

    private static String place(double value) {
        return Figures.format("%.1f", value);
    }

    private record Frame(double xLow, double xHigh, double yLow, double yHigh) {
        double x(double value) {
            return LEFT + (value - xLow) / (xHigh - xLow) * (WIDTH - LEFT - RIGHT);
        }

        double y(double value) {
            return HEIGHT - BOTTOM - (value - yLow) / (yHigh - yLow) * (HEIGHT - BOTTOM - TOP);
        }
    }
}

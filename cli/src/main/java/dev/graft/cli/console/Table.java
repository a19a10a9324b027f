package dev.graft.cli.console;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Lines up columns.
public final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    /// @param headings one for each column
    public Table(String... headings) {
        rows.add(List.of(headings));
    }

    /// Adds a row with as many cells as there are headings; the text forms of the values.
    public Table row(Object... cells) {
        List<String> row = IntStream.range(0, cells.length)
                .mapToObj(i -> String.valueOf(cells[i]))
                .toList();
        if (row.size() != rows.getFirst().size()) {
            throw new IllegalArgumentException(
                    row.size() + " cells for " + rows.getFirst().size() + " columns");
        }
        rows.add(row);
        return this;
    }

    /// Gives the lines, headings first.
    public List<String> lines() {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            line.append(cell).append(" ".repeat(widths[column] - cell.length())).append(GAP);
        }
        return line.toString().stripTrailing();
    }
}

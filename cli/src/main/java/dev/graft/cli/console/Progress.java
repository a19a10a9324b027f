package dev.graft.cli.console;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Shows the progress of one thing until it is done.
public sealed interface Progress extends AutoCloseable {
    /// Shows that `done` of `total` is done; a total of 0 is not known yet.
    void update(long done, long total, String note);

    /// Shows what is being done while nothing can be counted.
    default void note(String note) {
        update(0, 0, note);
    }

    /// Ends it with what came out.
    void done(String summary);

    /// Ends it without an outcome, unless it has ended.
    @Override
    void close();

    /// Redraws one line of a terminal.
    final class Bar implements Progress {
        private static final int BAR_COLUMNS = 24;
        private static final long REDRAW_NANOS = 50_000_000;
        private static final String CLEAR_LINE = "\r\u001b[K";

        private final PrintStream stream;
        private final String label;
        private final int columns;
        private long drawnNanos = System.nanoTime() - REDRAW_NANOS;
        private boolean ended;

        Bar(PrintStream stream, String label, int columns) {
            this.stream = stream;
            this.label = label;
            this.columns = columns;
        }

        @Override
        public void update(long done, long total, String note) {
            long now = System.nanoTime();
            if (now - drawnNanos >= REDRAW_NANOS || done == total) {
                drawnNanos = now;
                String bar = total > 0 ? bar(done, total) + "  " : "";
                draw("%-11s %s%s".formatted(label, bar, note));
            }
        }

        private static String bar(long done, long total) {
            int filled = (int) Math.min(BAR_COLUMNS, BAR_COLUMNS * done / total);
            return "█".repeat(filled) + "░".repeat(BAR_COLUMNS - filled) + percent(done, total);
        }

        private void draw(String line) {
            String flat = line.replaceAll("\\s*\\R\\s*", " ");
            stream.print(CLEAR_LINE + (flat.length() < columns ? flat : flat.substring(0, columns - 1)));
            stream.flush();
        }

        @Override
        public void done(String summary) {
            ended = true;
            stream.println(CLEAR_LINE + "%-11s %s".formatted(label, summary));
        }

        @Override
        public void close() {
            if (!ended) {
                ended = true;
                stream.print(CLEAR_LINE);
                stream.flush();
            }
        }
    }

    /// Prints a line now and then: when the note changes its wording, and every few seconds while it counts.
    final class Lines implements Progress {
        private static final long QUIET_NANOS = 2_000_000_000L;

        private final PrintStream stream;
        private final String label;
        private final LongSupplier nanoClock;
        private long printedNanos;
        private @Nullable String printedWording;

        Lines(PrintStream stream, String label, LongSupplier nanoClock) {
            this.stream = stream;
            this.label = label;
            this.nanoClock = nanoClock;
        }

        @Override
        public void update(long done, long total, String note) {
            String wording = note.replaceAll("[0-9.,]+", "#");
            long now = nanoClock.getAsLong();
            if (!wording.equals(printedWording) || now - printedNanos >= QUIET_NANOS) {
                printedWording = wording;
                printedNanos = now;
                stream.println("%-11s %s%s".formatted(label, note, total > 0 ? percent(done, total) : ""));
            }
        }

        @Override
        public void done(String summary) {
            stream.println("%-11s %s".formatted(label, summary));
        }

        @Override
        public void close() {}
    }

    private static String percent(long done, long total) {
        return String.format(Locale.ROOT, "%4d%%", Math.min(100, 100 * done / total));
    }
}

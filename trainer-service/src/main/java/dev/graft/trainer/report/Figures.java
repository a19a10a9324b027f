package dev.graft.trainer.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Writes numbers for people.
final class Figures {
    private static final double LEAST_PROBABILITY = 0.001;

    private static final double BYTES_PER_KILOBYTE = 1e3;
    private static final double BYTES_PER_MEGABYTE = 1e6;

    private Figures() {}

    static String percent(@Nullable Double share) {
        return share == null ? "–" : String.format(Locale.ROOT, "%.1f\u00a0%%", 100 * share);
    }

    static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.3f", value);
    }

    /// Writes how likely something is by chance.
    static String probability(double value) {
        return value < LEAST_PROBABILITY ? "below " + number(LEAST_PROBABILITY) : number(value);
    }

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /// Writes the size of a file.
    static String size(long bytes) {
        return bytes < BYTES_PER_MEGABYTE
                ? String.format(Locale.ROOT, "%.1f\u00a0kB", bytes / BYTES_PER_KILOBYTE)
                : String.format(Locale.ROOT, "%.1f\u00a0MB", bytes / BYTES_PER_MEGABYTE);
    }

    /// Writes numbers of a style or a drawing, always with a point.
    static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}

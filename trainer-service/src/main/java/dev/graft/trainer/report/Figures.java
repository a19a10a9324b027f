package dev.graft.trainer.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Writes numbers for people.
final class Figures {
    private static final double LEAST_PROBABILITY = 0.001;

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

    /// Writes numbers of a style or a drawing, always with a point.
    static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}

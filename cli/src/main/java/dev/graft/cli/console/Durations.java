package dev.graft.cli.console;

import java.util.Locale;

/// Says how long things took.
public final class Durations {
    private static final int SECONDS_UP_TO = 90;
    private static final int MINUTES_UP_TO = 90;
    private static final double SECONDS_PER_MINUTE = 60;
    private static final double MINUTES_PER_HOUR = 60;

    private Durations() {}

    /// Gives the seconds since a moment of [System#nanoTime], in milliseconds' steps.
    public static double secondsSince(long beganNanos) {
        return Math.round((System.nanoTime() - beganNanos) / 1e6) / 1e3;
    }

    public static String since(long beganNanos) {
        return words(secondsSince(beganNanos));
    }

    public static String words(double seconds) {
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }

    /// Says about how long something takes: `50 s`, `16 min`, `3.5 h`.
    public static String about(double seconds) {
        if (seconds < SECONDS_UP_TO) {
            return String.format(Locale.ROOT, "%.0f s", seconds);
        }
        double minutes = seconds / SECONDS_PER_MINUTE;
        return minutes < MINUTES_UP_TO
                ? String.format(Locale.ROOT, "%.0f min", minutes)
                : String.format(Locale.ROOT, "%.1f h", minutes / MINUTES_PER_HOUR);
    }
}

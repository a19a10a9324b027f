package dev.graft.cli.console;

import java.util.Locale;

/// Says how long things took.
public final class Durations {
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
}

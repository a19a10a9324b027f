package dev.graft.cli.console;

import java.util.Locale;

/// Says how large things are.
public final class Sizes {
    private static final double MEGABYTE = 1e6;

    private Sizes() {}

    public static String words(long sizeBytes) {
        return String.format(Locale.ROOT, "%.1f MB", sizeBytes / MEGABYTE);
    }
}

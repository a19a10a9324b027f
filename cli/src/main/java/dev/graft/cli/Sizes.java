package dev.graft.cli;

import java.util.Locale;

/// Says how large things are.
final class Sizes {
    private static final double MEGABYTE = 1e6;

    private Sizes() {}

    static String words(long sizeBytes) {
        return String.format(Locale.ROOT, "%.1f MB", sizeBytes / MEGABYTE);
    }
}

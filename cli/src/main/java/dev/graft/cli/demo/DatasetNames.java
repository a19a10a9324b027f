package dev.graft.cli.demo;

import java.nio.file.Path;
import java.util.Locale;

/// Makes names of datasets from names of folders.
final class DatasetNames {
    private static final int LENGTH_MAX = 63;

    private DatasetNames() {}

    static String of(Path folder) {
        String name = folder.toAbsolutePath().normalize().getFileName().toString();
        String plain =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-").replaceAll("^[^a-z0-9]+", "");
        return plain.isEmpty() ? "dataset" : plain.substring(0, Math.min(LENGTH_MAX, plain.length()));
    }
}

package dev.graft.networks;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/// Finds the reference files beside the tree; a test that needs one is skipped, and says so, where they are absent.
public final class Shared {
    private Shared() {}

    public static Path path(String relative) {
        Path path = Path.of(System.getProperty("graft.shared", "../../../shared"), relative);
        assumeTrue(Files.exists(path), () -> "there is no " + path);
        return path;
    }
}

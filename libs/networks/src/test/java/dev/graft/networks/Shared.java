package dev.graft.networks;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/// Finds photographs, and what timm makes of them, beside the tree: they are no part of it. A test that needs them is
/// reported as skipped where they are absent.
public final class Shared {
    private Shared() {}

    public static Path path(String relative) {
        Path path = Path.of(System.getProperty("graft.shared", "../../../shared"), relative);
        assumeTrue(Files.exists(path), () -> "there is no " + path);
        return path;
    }
}

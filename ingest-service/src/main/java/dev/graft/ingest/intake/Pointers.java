package dev.graft.ingest.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/// Recognises the small texts that stand for an image in a working copy whose large files were not fetched.
final class Pointers {
    /// Git LFS, docs/spec.md: a pointer has less than 1,024 bytes.
    private static final int MAX_BYTES = 1_024;

    private Pointers() {}

    /// Says what a file stands for and how to get the image; empty when it is no pointer.
    static Optional<String> read(byte[] file) {
        if (file.length == 0 || file.length > MAX_BYTES) {
            return Optional.empty();
        }
        String text = new String(file, UTF_8).strip();
        if (text.startsWith("version https://git-lfs.github.com/spec/")
                || text.startsWith("version https://hawser.github.com/spec/")) {
            return Optional.of("It is a pointer of Git LFS, not the picture. Fetch the pictures with git lfs pull.");
        }
        boolean oneLine = text.lines().limit(2).count() == 1;
        if (oneLine && (text.startsWith("/annex/objects/") || text.contains(".git/annex/objects/"))) {
            return Optional.of("It is a pointer of git-annex, not the picture. Fetch the pictures with git annex get.");
        }
        if (oneLine && text.contains(".dvc/cache/")) {
            return Optional.of("It is a pointer of DVC, not the picture. Fetch the pictures with dvc pull.");
        }
        return Optional.empty();
    }
}

package dev.graft.ingest.intake;

import dev.graft.problem.ProblemType;

/// The result of checking a file's bytes.
public sealed interface Verdict {

    /// Gives the SHA-256 of the bytes, hex.
    String contentDigest();

    /// The bytes are one complete image within the limits.
    ///
    /// @param imageId      SHA-256 of the bytes, hex
    /// @param mediaType    by content
    /// @param widthPixels  as it is meant to be seen
    /// @param heightPixels as it is meant to be seen
    record Sound(String imageId, long sizeBytes, String mediaType, int widthPixels, int heightPixels)
            implements Verdict {

        @Override
        public String contentDigest() {
            return imageId;
        }
    }

    /// The bytes are not.
    ///
    /// @param detail why, for users
    record Refused(String contentDigest, ProblemType type, String detail) implements Verdict {}
}

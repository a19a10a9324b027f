package dev.graft.feature.embedding;

/// Says why a picture has no embedding.
///
/// Only pictures that cannot be decoded are given up for ever. The others are tried again when somebody asks.
///
/// @param detail a sentence or two for users
public record Failure(String imageId, Reason reason, String detail) {
    /// The kinds of reasons.
    public enum Reason {
        /// The object store does not have the picture; it may come later.
        NOT_STORED,
        /// The bytes are not a complete picture; they never will be.
        UNDECODABLE,
        /// Decoder or network gave no result for this picture, for a reason that may lie here.
        NOT_COMPUTABLE
    }
}

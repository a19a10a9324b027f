package dev.graft.feature.embedding;

/// Says why an image has no embedding.
///
/// Only images that cannot be decoded are given up for ever. The others are tried again when somebody asks;
/// those that ended their process, a day later at the earliest.
///
/// @param detail a sentence or two for users
public record Failure(String imageId, Reason reason, String detail) {
    /// The kinds of reasons.
    public enum Reason {
        /// The object store does not have the image; it may come later.
        NOT_STORED,
        /// The bytes are not a complete image; they never will be.
        UNDECODABLE,
        /// Decoder or network gave no result for this image, for a reason that may lie here: decoding it took
        /// more memory than this process has for it, or something broke off.
        NOT_COMPUTABLE,
        /// The process that computed it ended, again and again; it is not tried again for a day.
        ENDED_PROCESS
    }
}

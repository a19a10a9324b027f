package dev.graft.vision;

/// Says that a file gives no complete picture, why, and what a person can do about it. The message is one or
/// two sentences fit for users. Trying again is useless in this process: the same bytes always fail the same
/// way.
public final class UndecodableImageException extends Exception {
    private static final long serialVersionUID = 1;

    /// Why a file is refused.
    public enum Reason {
        /// It has no bytes at all.
        EMPTY,
        /// Its content is none of the formats in [ImageFormat].
        UNSUPPORTED_FORMAT,
        /// It is larger than [DecodeLimits#maxFileSizeBytes].
        TOO_MANY_BYTES,
        /// Its header claims more pixels than [DecodeLimits] allow.
        TOO_MANY_PIXELS,
        /// Decoding it takes more memory than [DecodeBudget] has altogether. A process with a larger heap may
        /// decode it.
        TOO_MUCH_MEMORY,
        /// It ends before the picture does.
        TRUNCATED,
        /// Its content contradicts the format.
        CORRUPT,
        /// It is well-formed, of a variant of the format that is not read, such as lossless JPEG.
        UNSUPPORTED_VARIANT
    }

    private final Reason reason;

    /// Makes an exception with a sentence for users.
    public UndecodableImageException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    UndecodableImageException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    static UndecodableImageException corrupt(String what) {
        return new UndecodableImageException(
                Reason.CORRUPT, "The file is corrupt: " + what + ". Export the picture again from its source.");
    }

    static UndecodableImageException truncated(String what) {
        return new UndecodableImageException(
                Reason.TRUNCATED, "The file is incomplete: " + what + ". Copy or download it again.");
    }

    static UndecodableImageException unsupported(String what) {
        return new UndecodableImageException(
                Reason.UNSUPPORTED_VARIANT, what + " is not supported. Save the picture as ordinary JPEG or PNG.");
    }

    /// Returns whether every process refuses the same bytes, whatever its heap.
    public boolean isForGood() {
        return reason != Reason.TOO_MUCH_MEMORY;
    }

    /// Returns why the file is refused.
    public Reason reason() {
        return reason;
    }
}

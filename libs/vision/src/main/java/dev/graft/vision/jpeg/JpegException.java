package dev.graft.vision.jpeg;

/// Says why a JPEG file cannot be decoded whole. The message completes the sentence "The file is damaged: …".
public final class JpegException extends Exception {
    private static final long serialVersionUID = 1;

    /// What is wrong.
    public enum Kind {
        /// The file ends too early.
        TRUNCATED,
        /// The content contradicts itself or the standard.
        CORRUPT,
        /// The content is well-formed and of a process that is not implemented; the message names it.
        UNSUPPORTED
    }

    private final Kind kind;
    private final String what;

    private JpegException(Kind kind, String message) {
        super(message);
        this.kind = kind;
        this.what = message;
    }

    static JpegException truncated(String message) {
        return new JpegException(Kind.TRUNCATED, message);
    }

    static JpegException corrupt(String message) {
        return new JpegException(Kind.CORRUPT, message);
    }

    static JpegException unsupported(String message) {
        return new JpegException(Kind.UNSUPPORTED, message);
    }

    /// Returns the message, which is never null.
    public String what() {
        return what;
    }

    /// Returns what is wrong.
    public Kind kind() {
        return kind;
    }
}

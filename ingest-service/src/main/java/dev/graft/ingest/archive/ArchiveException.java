package dev.graft.ingest.archive;

/// Says that an archive as a whole cannot be imported; the message is fit for users. The same bytes always fail
/// the same way.
public final class ArchiveException extends Exception {
    private static final long serialVersionUID = 1;

    /// Why an archive is refused.
    public enum Reason {
        /// It is no archive, or damaged.
        UNREADABLE,
        /// It goes beyond the limits.
        UNSAFE
    }

    private final Reason reason;

    private ArchiveException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    static ArchiveException unreadable(String what) {
        return new ArchiveException(Reason.UNREADABLE, "The archive cannot be read: " + what);
    }

    static ArchiveException unsafe(String what) {
        return new ArchiveException(Reason.UNSAFE, "The archive goes beyond a limit. " + what);
    }

    /// Says why the archive is refused.
    public Reason reason() {
        return reason;
    }
}

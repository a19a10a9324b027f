package dev.graft.jobs;

/// Says that a job can never succeed, and why: the message is for users.
public final class JobFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// @param reason in sentences for users
    public JobFailedException(String reason) {
        super(reason);
    }

    /// Gives the reason.
    public String reason() {
        return String.valueOf(getMessage());
    }
}

package dev.graft.feature.job;

/// Says why a job as a whole can never be answered. The message is for users.
final class UnanswerableJobException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnanswerableJobException(String message) {
        super(message);
    }
}

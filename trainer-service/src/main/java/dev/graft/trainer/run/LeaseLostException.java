package dev.graft.trainer.run;

/// Says that a run is no longer this process's: it was cancelled, or went to another process.
final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LeaseLostException(String runId) {
        super("lease lost runId=" + runId);
    }
}

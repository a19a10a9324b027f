package dev.graft.jobs;

/// Says that a job was refused because as many as may be are open.
public final class TooManyJobsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int maxOpen;

    TooManyJobsException(JobKind kind) {
        super("%d jobs of kind %s are open".formatted(kind.maxOpen(), kind.name()));
        this.maxOpen = kind.maxOpen();
    }

    /// Gives the bound.
    public int maxOpen() {
        return maxOpen;
    }
}

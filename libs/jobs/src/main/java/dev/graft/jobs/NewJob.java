package dev.graft.jobs;

/// A job to be queued.
///
/// @param id    chosen by the domain, unique in its schema; also names the domain's own row
/// @param kind  the kind's name
/// @param owner on whose behalf: the owners of a kind take turns, however many jobs each has
/// @param due   whether a worker may have it now; otherwise it waits for [Jobs#wake]
public record NewJob(String id, String kind, String owner, boolean due) {
    private static final int MAX_ID_LENGTH = 200;

    public NewJob {
        if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            throw new IllegalArgumentException("a job's id has 1 to %d characters".formatted(MAX_ID_LENGTH));
        }
    }

    /// Makes a job that a worker may have now.
    public NewJob(String id, String kind, String owner) {
        this(id, kind, owner, true);
    }
}

package dev.graft.feature.job;

/// Where a job stands.
public enum JobState {
    /// Accepted; what is missing is not known yet.
    QUEUED,
    /// What is missing is queued.
    RUNNING,
    /// Every image has an embedding or a reason why not; the index is written.
    COMPLETED,
    /// The request as a whole cannot be met.
    FAILED,
    /// Nobody wants it any more.
    CANCELLED
}

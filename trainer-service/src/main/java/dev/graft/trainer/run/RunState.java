package dev.graft.trainer.run;

/// Where a run stands.
public enum RunState {
    /// Accepted; its embeddings are asked for.
    QUEUED,
    /// The feature service computes what is missing; or all is there and a free process is awaited.
    EMBEDDING,
    /// The head learns.
    TRAINING,
    /// The upper stages of the backbone learn, and the head with them.
    FINE_TUNING,
    /// The classifier answers the pictures kept apart.
    EVALUATING,
    /// The bundle is written and registered.
    PUBLISHING,
    /// A model version came of it.
    SUCCEEDED,
    /// It cannot succeed; the problem says why.
    FAILED,
    /// Somebody ended it.
    CANCELLED;

    /// Says whether nothing more will happen.
    public boolean isFinal() {
        return switch (this) {
            case QUEUED, EMBEDDING, TRAINING, FINE_TUNING, EVALUATING, PUBLISHING -> false;
            case SUCCEEDED, FAILED, CANCELLED -> true;
        };
    }
}

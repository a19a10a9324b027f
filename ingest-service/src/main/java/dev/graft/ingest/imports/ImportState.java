package dev.graft.ingest.imports;

/// Where an import stands, as clients see it.
public enum ImportState {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED;

    /// Says whether nothing will change any more.
    public boolean isFinal() {
        return this == SUCCEEDED || this == FAILED;
    }
}

package dev.graft.cli.rest;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An embedding job, as the feature service describes it.
///
/// @param computed   how many images have got an embedding by it
/// @param finishedAt ISO 8601; when the last was committed
public record EmbeddingJobView(
        String id,
        String state,
        long total,
        long computed,
        @Nullable String detail,
        String requestedAt,
        @Nullable String finishedAt) {

    /// Returns whether nothing more will happen.
    boolean ended() {
        return finishedAt != null;
    }

    /// Gives how long it took from the request to the last commit.
    public double seconds() {
        Instant end = finishedAt == null ? Instant.now() : Instant.parse(finishedAt);
        return Duration.between(Instant.parse(requestedAt), end).toNanos() / 1e9;
    }
}

package dev.graft.cli.rest;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An embedding job, as the feature service describes it.
///
/// @param cached     how many images had an embedding before
/// @param computed   how many have got one by it
/// @param startedAt  ISO 8601; when all that was missing was queued
/// @param finishedAt ISO 8601; when the last was committed
public record EmbeddingJobView(
        String id,
        String state,
        long total,
        long cached,
        long computed,
        @Nullable String detail,
        String requestedAt,
        @Nullable String startedAt,
        @Nullable String finishedAt) {

    /// Returns whether nothing more will happen.
    boolean ended() {
        return finishedAt != null;
    }

    /// Returns whether all that is missing is queued.
    boolean started() {
        return startedAt != null;
    }

    /// Gives how long it took from the request until all that was missing was queued.
    public double secondsToStart() {
        return secondsTo(startedAt);
    }

    /// Gives how long it took from the request to the last commit.
    public double seconds() {
        return secondsTo(finishedAt);
    }

    private double secondsTo(@Nullable String time) {
        Instant end = time == null ? Instant.now() : Instant.parse(time);
        return Duration.between(Instant.parse(requestedAt), end).toNanos() / 1e9;
    }
}

package dev.graft.feature.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Shows a job to clients.
///
/// @param backbone    what is used, or what was asked for while that is not known; so with the next three
/// @param total       pictures asked for
/// @param cached      of these, how many had an embedding when the job was planned
/// @param computed    how many have got one since
/// @param failed      how many cannot get one
/// @param failures    the first of these, with reasons
/// @param indexKey    the object that says where each vector lies; present when completed
/// @param startedAt   when all that was missing was queued
/// @param finishedAt  when the index was written, or the job failed
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EmbeddingJobView(
        String id,
        JobState state,
        @Nullable String backbone,
        @Nullable String layer,
        @Nullable Integer inputSizePixels,
        String precision,
        @Nullable String extractorDigest,
        @Nullable String manifestKey,
        long total,
        long cached,
        long computed,
        long failed,
        List<FailureView> failures,
        @Nullable String indexKey,
        @Nullable String detail,
        Instant requestedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {}

package dev.graft.feature.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.feature.embedding.Failure;
import dev.graft.feature.extractor.KnownExtractor;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Shows a job to clients.
///
/// @param backbone    what is used, or what was asked for while that is not known; so with the next three
/// @param total       images asked for
/// @param cached      of these, how many had an embedding when the job was planned
/// @param computed    how many have got one since
/// @param failed      how many cannot get one
/// @param failures    the first of these, with reasons
/// @param indexKey    the object that says where each vector lies; present when completed
/// @param startedAt   when all that was missing was queued
/// @param finishedAt  when the index was written, or the job failed
@Schema(examples = """
        {"id": "7d5c0f5e-1c1b-4d4e-9a55-0e6a7a3b2c11", "state": "RUNNING",
        "backbone": "tf_efficientnet_lite0.in1k", "layer": "global_pool", "inputSizePixels": 224,
        "precision": "f32",
        "extractorDigest": "8a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b4760",
        "manifestKey": "manifests/8a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b4760.jsonl",
        "total": 12, "cached": 4, "computed": 3, "failed": 0, "failures": [],
        "requestedAt": "2026-03-01T09:30:00Z", "startedAt": "2026-03-01T09:30:00Z"}""")
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
        @Nullable Instant finishedAt) {

    /// @param extractor null while it is not known
    static EmbeddingJobView of(EmbeddingJob job, @Nullable KnownExtractor extractor, List<Failure> failures) {
        ExtractorChoice choice = extractor == null ? job.choice() : extractor.choice();
        return new EmbeddingJobView(
                job.id(),
                job.state,
                choice.backbone(),
                choice.layer(),
                choice.inputSizePixels(),
                choice.precision().wireName(),
                extractor == null ? null : extractor.digest(),
                job.manifestKey,
                job.total,
                job.cached,
                job.computed,
                job.failed,
                failures.stream().map(FailureView::of).toList(),
                job.indexKey,
                job.detail,
                job.requestedAt,
                job.startedAt,
                job.finishedAt);
    }
}

package dev.graft.feature.job;

import dev.graft.contracts.EmbeddingJobAdvanced;
import org.jspecify.annotations.Nullable;

/// How far a job has come.
///
/// @param extractorDigest null while the extractor is not known
record JobCounts(
        String jobId,
        long total,
        long cached,
        long computed,
        long failed,
        @Nullable String extractorDigest) {
    /// Returns whether every image has an embedding or a reason why not.
    boolean isSettled() {
        return cached + computed + failed == total;
    }

    EmbeddingJobAdvanced advanced(
            EmbeddingJobAdvanced.State state, @Nullable String indexKey, @Nullable String detail) {
        return new EmbeddingJobAdvanced(
                jobId, state, total, cached, computed, failed, extractorDigest, indexKey, detail);
    }
}

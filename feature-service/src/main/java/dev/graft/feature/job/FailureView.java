package dev.graft.feature.job;

import dev.graft.feature.embedding.Failure;

/// Shows why an image of a job has no embedding.
///
/// @param reason `NOT_STORED`, `UNDECODABLE` or `NOT_COMPUTABLE`
/// @param detail a sentence or two
public record FailureView(String imageId, String reason, String detail) {
    static FailureView of(Failure failure) {
        return new FailureView(failure.imageId(), failure.reason().name(), failure.detail());
    }
}

package dev.graft.feature.job;

/// Shows why a picture of a job has no embedding.
///
/// @param reason `NOT_STORED`, `UNDECODABLE` or `NOT_COMPUTABLE`
/// @param detail a sentence or two
public record FailureView(String imageId, String reason, String detail) {}

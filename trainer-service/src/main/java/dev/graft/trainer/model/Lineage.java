package dev.graft.trainer.model;

import java.time.Instant;

/// Says where a model version comes from.
///
/// @param runId           the training run
/// @param startedAt       when the run was accepted
/// @param manifestDigest  SHA-256 of the dataset version's manifest
/// @param extractorDigest identity of the extractor
public record Lineage(
        String runId,
        Instant startedAt,
        String datasetName,
        int datasetVersion,
        String manifestDigest,
        String extractorDigest) {}

package dev.graft.trainer.model;

import java.time.Instant;

/// Describes a version of a model.
///
/// @param run        the training run that it came of
/// @param digest     SHA-256 of its `model.json`, hex
/// @param production whether it is in production
public record ModelVersionView(
        String model,
        int version,
        String run,
        String digest,
        double testAccuracy,
        Instant registeredAt,
        boolean production) {}

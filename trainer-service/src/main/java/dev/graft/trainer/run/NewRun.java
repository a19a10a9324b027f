package dev.graft.trainer.run;

import dev.graft.trainer.dataset.DatasetVersion;
import org.jspecify.annotations.Nullable;

/// A run to be kept.
///
/// @param idempotencyKey names the request; absent when the sender gave no name
/// @param fingerprint    of the request
record NewRun(
        String id,
        @Nullable String idempotencyKey,
        String fingerprint,
        DatasetVersion dataset,
        String model,
        RunSpec spec) {}

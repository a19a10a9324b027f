package dev.graft.trainer.model;

import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Describes a version of a model.
///
/// @param run        the training run that it came of
/// @param digest     SHA-256 of its `model.json`, hex
/// @param production whether it is in production
@Schema(examples = """
        {"model": "flowers", "version": 2, "run": "7d5c0f5e-1c1b-4d4e-9a55-0e6a7a3b2c11",
        "digest": "8a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b4760",
        "testAccuracy": 0.96, "registeredAt": "2026-03-01T09:30:00Z", "production": true}""")
public record ModelVersionView(
        String model,
        int version,
        String run,
        String digest,
        double testAccuracy,
        Instant registeredAt,
        boolean production) {}

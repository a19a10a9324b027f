package dev.graft.feature.calibration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Asks for the int8 ranges of a weight set.
///
/// @param manifestKey the object that is the manifest of a frozen dataset version
/// @param images the most images to look at; absent: 256
public record CalibrationRequest(
        @Schema(examples = "manifests/8a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b4760.jsonl")
        @NotNull
        @Size(max = 1_024)
        String manifestKey,

        @Min(1) @Max(10_000) @Nullable Integer images) {}

package dev.graft.feature.calibration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Asks for the int8 ranges of a weight set.
///
/// @param manifestKey where the manifest of a frozen dataset version lies
/// @param images the most images to look at; absent: 256
public record CalibrationRequest(
        @Schema(examples = "datasets/flowers/1/manifest.jsonl") @NotNull @Size(max = 1_024)
        String manifestKey,

        @Min(1) @Max(10_000) @Nullable Integer images) {}

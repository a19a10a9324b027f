package dev.graft.feature.calibration;

import org.jspecify.annotations.Nullable;

/// Asks for the int8 ranges of a weight set.
///
/// @param manifestKey where the manifest of a frozen dataset version lies
/// @param images the most pictures to look at; absent: 256
public record CalibrationRequest(
        @Nullable String manifestKey, @Nullable Integer images) {}

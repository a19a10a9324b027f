package dev.graft.feature.calibration;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// Shows how ranges come on.
///
/// @param name the weight set
/// @param images pictures that are to be looked at
/// @param done pictures that were looked at
/// @param skipped how many of them could not be used
/// @param rangesSha256 digest of the ranges, at the end
/// @param detail why there are none, at the end of a failure
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CalibrationView(
        String name,
        int images,
        int done,
        int skipped,
        @Nullable String rangesSha256,
        @Nullable String detail) {}

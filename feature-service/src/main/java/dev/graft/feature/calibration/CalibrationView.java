package dev.graft.feature.calibration;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Shows the progress of making ranges.
///
/// @param name the weight set
/// @param images images that are to be looked at
/// @param done images that were looked at
/// @param skipped how many of them could not be used
/// @param rangesSha256 digest of the ranges, at the end
/// @param detail why there are none, at the end of a failure
@Schema(examples = """
        {"name": "tf_efficientnet_lite0.in1k", "images": 256, "done": 128, "skipped": 0}""")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CalibrationView(
        String name,
        int images,
        int done,
        int skipped,
        @Nullable String rangesSha256,
        @Nullable String detail) {}

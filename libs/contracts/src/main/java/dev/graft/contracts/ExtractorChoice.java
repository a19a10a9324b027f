package dev.graft.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Says which embedding is wanted, as a user says it; absent members mean the backbone's own defaults.
///
/// @param backbone        a weight set, `architecture.tag`, or its architecture; or a version of a model
///                        that was fine-tuned, `model@version`; absent: the default backbone
/// @param layer           the transfer layer; absent: the pooled features
/// @param inputSizePixels the side of the square input; absent: the backbone's own
/// @param precision       the arithmetic
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExtractorChoice(
        @Nullable String backbone,
        @Nullable String layer,
        @Nullable Integer inputSizePixels,
        Precision precision) {
    /// The smallest side of an input.
    public static final int MIN_INPUT_PIXELS = 32;

    /// The largest side of an input.
    public static final int MAX_INPUT_PIXELS = 1_024;

    public ExtractorChoice {
        precision = Objects.requireNonNullElse(precision, Precision.F32);
        if (inputSizePixels != null && (inputSizePixels < MIN_INPUT_PIXELS || inputSizePixels > MAX_INPUT_PIXELS)) {
            throw new IllegalArgumentException("input size must be %d to %d pixels, not %d"
                    .formatted(MIN_INPUT_PIXELS, MAX_INPUT_PIXELS, inputSizePixels));
        }
    }

    /// The default backbone's pooled features in f32.
    public static ExtractorChoice defaults() {
        return new ExtractorChoice(null, null, null, Precision.F32);
    }
}

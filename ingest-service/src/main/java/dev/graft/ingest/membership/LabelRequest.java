package dev.graft.ingest.membership;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.graft.contracts.Split;
import dev.graft.ingest.dataset.Labels;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Gives an image of a dataset another label.
///
/// @param split the split to move it to; absent: it stays where it is
public record LabelRequest(
        @Schema(minLength = 1, maxLength = Labels.MAX_LENGTH, pattern = Labels.PATTERN, examples = "daisy")
        @JsonProperty(required = true)
        String label,

        @Nullable Split split) {

    /// @throws IllegalArgumentException when the label is not allowed
    public LabelRequest {
        if (label == null) {
            throw new IllegalArgumentException("A label is needed.");
        }
        label = Labels.composed(label);
        Labels.complaint(label).ifPresent(complaint -> {
            throw new IllegalArgumentException(complaint);
        });
    }
}

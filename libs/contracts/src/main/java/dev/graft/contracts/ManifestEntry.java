package dev.graft.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/// One line of a dataset version's manifest.
///
/// @param split absent when the dataset has no splits of its own
@JsonPropertyOrder({"imageId", "label", "split"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ManifestEntry(
        String imageId, String label, @Nullable Split split) {
    public ManifestEntry {
        ImageIds.check(imageId);
        if (label.isBlank()) {
            throw new IllegalArgumentException("a label must not be blank");
        }
    }
}

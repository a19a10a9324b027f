package dev.graft.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// A picture of a dataset got its label, or another one.
///
/// @param split absent when the dataset has no splits of its own
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageLabelled(
        String datasetName,
        String imageId,
        String label,
        @Nullable Split split) implements Event {
    public ImageLabelled {
        ImageIds.check(imageId);
    }

    @Override
    public String partitionKey() {
        return imageId;
    }
}

package dev.graft.feature.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.contracts.ExtractorChoice;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Asks for the embeddings of many pictures.
///
/// @param extractor   which embedding; absent: the default one
/// @param manifestKey the object that lists the pictures, one JSON object with an `imageId` a line
/// @param imageIds    the pictures, when there is no manifest
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EmbeddingJobRequest(
        ExtractorChoice extractor, @Nullable String manifestKey, List<String> imageIds) {
    public EmbeddingJobRequest {
        extractor = Objects.requireNonNullElse(extractor, ExtractorChoice.defaults());
        imageIds = imageIds == null ? List.of() : List.copyOf(imageIds);
    }
}

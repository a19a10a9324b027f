package dev.graft.feature.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.ImageIds;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Asks for the embeddings of many images: of those of a manifest, or of those that it lists.
///
/// @param extractor   which embedding; absent: the default one
/// @param manifestKey the object that is the manifest of a frozen dataset version
/// @param imageIds    the images, when there is no manifest
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@Schema(oneOf = {EmbeddingJobRequest.OfManifest.class, EmbeddingJobRequest.OfList.class})
public record EmbeddingJobRequest(
        ExtractorChoice extractor,

        @Schema(examples = "manifests/8a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b4760.jsonl")
        @Size(max = 1_024)
        @Nullable
        String manifestKey,

        @Schema(minItems = 1) @Size(max = EmbeddingJobRequest.MAX_LISTED)
        List<@NotNull @Pattern(regexp = ImageIds.PATTERN) String> imageIds) {
    /// How many images a request can list.
    static final int MAX_LISTED = 10_000;

    /// Describes a request that names a manifest.
    @Schema(requiredProperties = "manifestKey")
    interface OfManifest {}

    /// Describes a request that lists images.
    @Schema(requiredProperties = "imageIds")
    interface OfList {}

    public EmbeddingJobRequest {
        extractor = Objects.requireNonNullElse(extractor, ExtractorChoice.defaults());
        imageIds = imageIds == null ? List.of() : imageIds;
    }
}

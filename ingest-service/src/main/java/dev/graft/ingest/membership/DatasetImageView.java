package dev.graft.ingest.membership;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Describes a picture as a part of a dataset.
///
/// @param id           SHA-256 of the original bytes, hex
/// @param split        `train`, `val` or `test`; absent when it is in no part
/// @param file         as its sender named it; absent when it had no name
/// @param mediaType    by content
/// @param widthPixels  as it is meant to be seen
/// @param heightPixels as it is meant to be seen
/// @param addedAt      when it became a part of the dataset
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatasetImageView(
        String id,
        String dataset,
        String label,
        @Nullable String split,
        @Nullable String file,
        String mediaType,
        long sizeBytes,
        int widthPixels,
        int heightPixels,
        Instant addedAt) {}

package dev.graft.ingest.membership;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Describes an image as a member of a dataset.
///
/// @param id           SHA-256 of the original bytes, hex
/// @param split        `train`, `val` or `test`; absent when it is in no split
/// @param file         as its sender named it; absent when it had no name
/// @param mediaType    by content
/// @param widthPixels  as it is meant to be seen
/// @param heightPixels as it is meant to be seen
/// @param addedAt      when it became a member of the dataset
@Schema(examples = """
        {"id": "8a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b4760", "dataset": "flowers",
        "label": "daisy", "split": "train", "file": "daisy/1.jpg", "mediaType": "image/jpeg",
        "sizeBytes": 48211, "widthPixels": 500, "heightPixels": 375, "addedAt": "2026-03-01T09:30:00Z"}""")
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

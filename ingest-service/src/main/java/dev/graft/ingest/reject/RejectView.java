package dev.graft.ingest.reject;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Describes a refused file.
///
/// @param importId   the import it came with; absent for an upload
/// @param file       as its sender named it
/// @param label      that it should have got; absent when its place in the archive gave it none
/// @param type       the problem's URI
/// @param detail     what is wrong with it
/// @param replayable whether its bytes are kept for another try
/// @param replayedAs the image that another try made of it; absent when none did
@Schema(examples = """
        {"id": "7d5c0f5e-1c1b-4d4e-9a55-0e6a7a3b2c11", "dataset": "flowers", "file": "daisy/broken.jpg",
        "label": "daisy", "type": "https://graft.dev/problems/image-truncated",
        "detail": "The file ends before the picture does.", "replayable": true,
        "rejectedAt": "2026-03-01T09:30:00Z"}""")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RejectView(
        UUID id,
        String dataset,
        @Nullable UUID importId,
        @Nullable String file,
        @Nullable String label,
        @Nullable String split,
        String type,
        String detail,
        boolean replayable,
        @Nullable String replayedAs,
        Instant rejectedAt) {}

package dev.graft.ingest.image;

import dev.graft.ingest.dataset.Image;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Describes a stored image.
///
/// @param id           SHA-256 of the original bytes, hex
/// @param mediaType    by content
/// @param widthPixels  as it is meant to be seen
/// @param heightPixels as it is meant to be seen
/// @param ingestedAt   when it was seen for the first time
@Schema(examples = """
        {"id": "8a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b4760",
        "mediaType": "image/jpeg", "sizeBytes": 48211, "widthPixels": 500, "heightPixels": 375,
        "ingestedAt": "2026-03-01T09:30:00Z"}""")
public record ImageView(
        String id, String mediaType, long sizeBytes, int widthPixels, int heightPixels, Instant ingestedAt) {

    static ImageView of(Image image) {
        return new ImageView(
                image.id(),
                image.mediaType(),
                image.sizeBytes(),
                image.widthPixels(),
                image.heightPixels(),
                image.ingestedAt());
    }
}

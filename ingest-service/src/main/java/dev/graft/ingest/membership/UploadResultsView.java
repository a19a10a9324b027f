package dev.graft.ingest.membership;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.problem.Problem;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Says what became of the files of a form, in its order.
@Schema(examples = """
        {"results": [{"file": "1.jpg", "added": true, "image":
        {"id": "8a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b4760", "dataset": "flowers",
        "label": "daisy", "file": "1.jpg", "mediaType": "image/jpeg", "sizeBytes": 48211,
        "widthPixels": 500, "heightPixels": 375, "addedAt": "2026-03-01T09:30:00Z"}},
        {"file": "2.txt", "added": false, "problem":
        {"type": "https://graft.dev/problems/image-format-unsupported",
        "title": "The file is not a picture of a supported format", "status": 415,
        "detail": "The content is none of JPEG, PNG, GIF, BMP, WebP and TIFF, whatever the file is \
        called. Save the picture as one of these."}}]}""")
public record UploadResultsView(List<Result> results) {
    public UploadResultsView {
        results = List.copyOf(results);
    }

    /// What became of one file.
    ///
    /// @param file    as its sender named it; absent when it had no name
    /// @param added   whether it is new in the dataset
    /// @param image   the image; absent when it was refused
    /// @param problem why it was refused; absent when it was not
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Result(
            @Nullable String file,
            boolean added,
            @Nullable DatasetImageView image,
            @Nullable Problem problem) {}
}

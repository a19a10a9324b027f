package dev.graft.ingest.imports;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Describes an import as it stands.
///
/// @param images        files dealt with: accepted, duplicates and rejected together
/// @param accepted      new in the dataset
/// @param duplicates    the dataset had the same bytes with the same label
/// @param rejected      what was refused, the first 1,000 in the archive's order; `GET /v1/rejects` lists all
/// @param rejectedTotal how many were refused
/// @param reasons       how many files were refused for which reason, the commonest first
/// @param leaks         equal images in two splits, the first 1,000 in the archive's order; each is in the
///     dataset once
/// @param leaksTotal    how many files that is
/// @param classes       how many images of each label the dataset had after the import; empty before its end
/// @param total         how many files the archive has; absent until it was looked through
/// @param seconds       since the archive had arrived, until the end
/// @param detail        why it failed; present when it did
@Schema(examples = """
        {"id": "7d5c0f5e-1c1b-4d4e-9a55-0e6a7a3b2c11", "dataset": "flowers", "state": "SUCCEEDED",
        "images": 13, "accepted": 12, "duplicates": 0, "rejected": [{"file": "daisy/broken.jpg",
        "type": "https://graft.dev/problems/image-truncated",
        "detail": "The file ends before the picture does."}], "rejectedTotal": 1, "classes": {"daisy": 7,
        "tulip": 5}, "total": 13, "seconds": 0.8}""")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImportView(
        UUID id,
        String dataset,
        ImportState state,
        long images,
        long accepted,
        long duplicates,
        List<RejectedFile> rejected,
        long rejectedTotal,
        List<Reason> reasons,
        List<Leak> leaks,
        long leaksTotal,
        Map<String, Long> classes,
        @Nullable Long total,
        double seconds,
        @Nullable String detail) {

    public ImportView {
        rejected = List.copyOf(rejected);
        reasons = List.copyOf(reasons);
        leaks = List.copyOf(leaks);
    }

    /// Gives the same with what was found in its files.
    ImportView with(List<RejectedFile> files, FindingViews.Findings found) {
        return new ImportView(
                id,
                dataset,
                state,
                images,
                accepted,
                duplicates,
                files,
                rejectedTotal,
                found.reasons(),
                found.leaks(),
                found.leaksTotal(),
                classes,
                total,
                seconds,
                detail);
    }

    /// A file that was refused.
    ///
    /// @param file   its path in the archive
    /// @param type   the problem's URI
    /// @param detail what is wrong with it
    public record RejectedFile(@Nullable String file, String type, String detail) {}

    /// Counts the files that were refused for one reason.
    ///
    /// @param type   the problem's URI
    /// @param files  how many
    /// @param file   the first of them
    /// @param detail what is wrong with that one
    public record Reason(
            String type,
            long files,
            @Nullable String file,
            @Nullable String detail) {}

    /// A file whose image lies in another split too, and counts there.
    ///
    /// @param keptFile  the file that counts
    /// @param keptSplit where the dataset has the image
    public record Leak(
            @Nullable String file,
            String label,
            String split,
            @Nullable String keptFile,
            String keptSplit) {}
}

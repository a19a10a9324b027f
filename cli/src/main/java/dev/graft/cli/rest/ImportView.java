package dev.graft.cli.rest;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An import, as the ingest service describes it.
///
/// @param rejected      the first of the refused files
/// @param rejectedTotal how many were refused
/// @param reasons       why, the commonest reason first
/// @param leaks         the first of the files whose images lie in another split too, and count there
/// @param leaksTotal    how many files that is
/// @param classes how many images of each label the dataset has after it
/// @param total   how many files there are; absent until that is known
/// @param detail  why it failed
public record ImportView(
        String id,
        String dataset,
        String state,
        long images,
        long accepted,
        long duplicates,
        @Nullable List<RejectedFile> rejected,
        long rejectedTotal,
        @Nullable List<Reason> reasons,
        @Nullable List<Leak> leaks,
        long leaksTotal,
        @Nullable Map<String, Long> classes,
        @Nullable Long total,
        @Nullable String detail) {

    /// A file that was refused.
    public record RejectedFile(String file, String type, String detail) {}

    /// Why files were refused.
    ///
    /// @param files how many
    /// @param file  the first of them
    public record Reason(String type, long files, String file, String detail) {
        /// Gives the last segment of the kind's URI.
        public String kind() {
            return type.substring(type.lastIndexOf('/') + 1);
        }
    }

    /// A file whose image lies in another split too, and counts there.
    public record Leak(String file, String label, String split, String keptFile, String keptSplit) {}

    /// Returns whether none of its files is in the dataset.
    public boolean failed() {
        return state.equals("FAILED");
    }

    /// Returns whether nothing more will happen.
    public boolean ended() {
        return state.equals("SUCCEEDED") || failed();
    }
}

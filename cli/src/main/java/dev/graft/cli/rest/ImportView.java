package dev.graft.cli.rest;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An import, as the ingest service describes it.
///
/// @param classes how many pictures of each label the dataset has after it
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
        @Nullable Map<String, Long> classes,
        @Nullable Long total,
        @Nullable String detail) {

    /// A file that was refused.
    public record RejectedFile(String file, String type, String detail) {}

    /// Tells whether nothing more will happen.
    public boolean ended() {
        return state.equals("SUCCEEDED") || state.equals("FAILED");
    }
}

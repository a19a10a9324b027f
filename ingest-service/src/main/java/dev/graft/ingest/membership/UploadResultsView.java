package dev.graft.ingest.membership;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Says what became of the files of a form, in its order.
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

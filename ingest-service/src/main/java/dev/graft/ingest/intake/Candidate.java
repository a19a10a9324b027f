package dev.graft.ingest.intake;

import dev.graft.contracts.Split;
import dev.graft.problem.ProblemType;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A file on its way into a dataset, checked already.
///
/// @param rejectId names the refusal if it comes to one; the same file sent again in the same way has the same
///                 one, so that trying again records nothing twice
public sealed interface Candidate {
    UUID rejectId();

    /// Gives the name that the sender gave the file.
    @Nullable
    String fileName();

    /// A sound image whose bytes are in object storage.
    ///
    /// @param kept the copy of the same image that counts instead of this one; absent: this one does
    record Image(
            UUID rejectId,
            @Nullable String fileName,
            String label,
            @Nullable Split split,
            Verdict.Sound image,
            @Nullable Kept kept)
            implements Candidate {

        /// Says what becomes part of the dataset for it.
        Kept member() {
            return kept == null ? new Kept(fileName, split) : kept;
        }
    }

    /// A file as the dataset has it.
    record Kept(@Nullable String fileName, @Nullable Split split) {}

    /// A file that cannot become part of any dataset.
    ///
    /// @param label     what the sender wanted; absent when unknown
    /// @param detail    why, for users
    /// @param objectKey where its bytes are kept; absent when they are not
    record Unfit(
            UUID rejectId,
            @Nullable String fileName,
            @Nullable String label,
            @Nullable Split split,
            ProblemType type,
            String detail,
            @Nullable String objectKey)
            implements Candidate {}
}

package dev.graft.ingest.intake;

import dev.graft.problem.ProblemType;
import java.util.UUID;

/// What became of a [Candidate].
public sealed interface Addition {

    /// It is part of the dataset now.
    record Accepted(String imageId) implements Addition {}

    /// The dataset had the same bytes with the same label already.
    record Duplicate(String imageId) implements Addition {}

    /// It was refused.
    record Rejected(UUID rejectId, ProblemType type, String detail) implements Addition {}
}

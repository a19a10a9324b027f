package dev.graft.ingest.intake;

import dev.graft.contracts.Split;
import org.jspecify.annotations.Nullable;

/// What a dataset has of an image.
record Member(
        String imageId,
        String label,
        @Nullable Split split,
        @Nullable String fileName) {

    /// Gives it as a candidate becomes it.
    static Member of(Candidate.Image candidate) {
        Candidate.Kept kept = candidate.member();
        return new Member(candidate.image().imageId(), candidate.label(), kept.split(), kept.fileName());
    }
}

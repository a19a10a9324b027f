package dev.graft.feature.queue;

import java.util.List;
import java.util.UUID;

/// Leases images to one worker, all for one extractor.
///
/// @param id          the fencing token: a holder of a claim whose row is gone must not commit
/// @param extractorId number of the extractor
/// @param imageIds    the images, in the order in which they came
/// @param reason      why these
/// @param attempts    how often each was claimed, this time among them unless they are given up
/// @param faults      how many of the attempts before ended by a fault that their worker saw; the others ended with
///     its process
public record Claim(UUID id, int extractorId, List<String> imageIds, Reason reason, int attempts, int faults) {
    /// Why images were claimed together, which says how they are computed.
    public enum Reason {
        /// They are next.
        NEXT,
        /// They came alone, and are computed before what waits.
        URGENT,
        /// An attempt at them broke off; they are computed while nothing else is, so that it shows which is to blame.
        SUSPECT,
        /// The attempts at them broke off too often; they are not computed.
        GIVEN_UP
    }

    public Claim {
        imageIds = List.copyOf(imageIds);
        if (imageIds.isEmpty()) {
            throw new IllegalArgumentException("a claim needs pictures");
        }
    }
}

package dev.graft.feature.queue;

import java.util.List;
import java.util.UUID;

/// Leases pictures to one worker, all for one extractor.
///
/// @param id          the fencing token: whoever holds a claim whose row is gone must not commit
/// @param extractorId number of the extractor
/// @param imageIds    the pictures, in the order in which they came
public record Claim(UUID id, int extractorId, List<String> imageIds) {
    public Claim {
        imageIds = List.copyOf(imageIds);
        if (imageIds.isEmpty()) {
            throw new IllegalArgumentException("a claim needs pictures");
        }
    }
}

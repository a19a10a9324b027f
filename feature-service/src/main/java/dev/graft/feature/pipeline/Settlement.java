package dev.graft.feature.pipeline;

import io.smallrye.mutiny.Uni;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/// Notes what became of images, for those who wait for them. Each method works in the transaction that makes the result
/// durable, and is given some thousand images at most.
public interface Settlement {
    /// Notes that images have an embedding now.
    Uni<Void> computed(Mutiny.Session session, int extractorId, List<String> imageIds);

    /// Notes that images have none, and why is known.
    Uni<Void> failed(Mutiny.Session session, int extractorId, List<String> imageIds);
}

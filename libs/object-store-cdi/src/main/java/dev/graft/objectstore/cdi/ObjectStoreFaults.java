package dev.graft.objectstore.cdi;

import dev.graft.objectstore.ObjectStoreRefusedException;
import dev.graft.objectstore.ObjectStoreUnavailableException;
import dev.graft.problem.BackendFaults;
import io.quarkus.arc.Unremovable;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/// Answers clients that object storage is away, not that something went wrong inside.
@Singleton
@Unremovable
class ObjectStoreFaults implements BackendFaults {
    @Override
    public @Nullable String explain(Throwable fault) {
        return switch (fault) {
            case ObjectStoreUnavailableException _ -> "The object store does not answer. Try again in a moment.";
            case ObjectStoreRefusedException _ ->
                "The object store refuses this service. Somebody must see to its bucket and keys.";
            default -> null;
        };
    }
}

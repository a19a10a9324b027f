package dev.graft.feature;

import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectStoreException;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Says DOWN while the object store cannot be reached.
@Readiness
@Singleton
@Blocking
public final class ObjectStoreReadiness implements HealthCheck {
    private final ObjectStore store;

    /// Makes the check.
    public ObjectStoreReadiness(ObjectStore store) {
        this.store = store;
    }

    @Override
    public HealthCheckResponse call() {
        try {
            store.ping();
            return HealthCheckResponse.up("graft-object-store");
        } catch (ObjectStoreException e) {
            return HealthCheckResponse.down("graft-object-store");
        }
    }
}

package dev.graft.ingest;

import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectStoreException;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Says DOWN while object storage cannot be reached.
@Readiness
@Singleton
class ObjectStoreReadiness implements HealthCheck {
    private static final String NAME = "object-store";

    private final ObjectStore store;

    ObjectStoreReadiness(ObjectStore store) {
        this.store = store;
    }

    @Override
    public HealthCheckResponse call() {
        try {
            store.ping();
            return HealthCheckResponse.up(NAME);
        } catch (ObjectStoreException away) {
            return HealthCheckResponse.down(NAME);
        }
    }
}

package dev.graft.objectstore.cdi;

import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectStoreException;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Says DOWN while object storage cannot be reached, refuses us, or lacks the bucket.
@Readiness
@Blocking
@Singleton
public class ObjectStoreReadiness implements HealthCheck {
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
        } catch (ObjectStoreException e) {
            return HealthCheckResponse.named(NAME)
                    .down()
                    .withData("reason", String.valueOf(e.getMessage()))
                    .build();
        }
    }
}

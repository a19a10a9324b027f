package dev.graft.messaging;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Says DOWN while the database does not answer. It knows without asking, so that a probe never waits.
@Readiness
@Singleton
class DatabaseReadiness implements HealthCheck {
    private final DatabasePulse pulse;

    DatabaseReadiness(DatabasePulse pulse) {
        this.pulse = pulse;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("database").status(!pulse.isAway()).build();
    }
}

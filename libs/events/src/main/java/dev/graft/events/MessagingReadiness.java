package dev.graft.events;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/// Says DOWN while the relay or a consumer waits for a backend to come back, and names those that wait for
/// room.
@Readiness
@Singleton
class MessagingReadiness implements HealthCheck {
    private final Stalls stalls;

    MessagingReadiness(Stalls stalls) {
        this.stalls = stalls;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("graft-messaging");
        stalls.reasons().forEach(response::withData);
        return response.status(!stalls.isBackendAway()).build();
    }
}

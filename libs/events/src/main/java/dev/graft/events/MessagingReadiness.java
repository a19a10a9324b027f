package dev.graft.events;

import jakarta.inject.Singleton;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/// Says DOWN while the relay or a consumer waits for a backend to come back.
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
        Map<String, String> reasons = stalls.reasons();
        reasons.forEach(response::withData);
        return response.status(reasons.isEmpty()).build();
    }
}

package dev.graft.messaging;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/// Says DOWN while the relay or a consumer waits for a backend to come back.
@Readiness
@Singleton
class MessagingReadiness implements HealthCheck {
    private final Map<String, String> stalls = new ConcurrentHashMap<>();

    void stalled(String part, Throwable why) {
        stalls.put(part, why.getClass().getSimpleName());
    }

    void moving(String part) {
        stalls.remove(part);
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("graft-messaging");
        stalls.forEach(response::withData);
        return response.status(stalls.isEmpty()).build();
    }
}

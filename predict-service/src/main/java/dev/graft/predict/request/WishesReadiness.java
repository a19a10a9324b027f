package dev.graft.predict.request;

import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Says DOWN while a wish waits for object storage or the broker to come back.
@Readiness
@Singleton
class WishesReadiness implements HealthCheck {
    private final Stalls stalls;

    WishesReadiness(Stalls stalls) {
        this.stalls = stalls;
    }

    /// Knows which wishes wait.
    @Singleton
    static class Stalls {
        private final Set<String> requestIds = ConcurrentHashMap.newKeySet();

        void stalled(String requestId) {
            requestIds.add(requestId);
        }

        void moving(String requestId) {
            requestIds.remove(requestId);
        }
    }

    @Override
    public HealthCheckResponse call() {
        int waiting = stalls.requestIds.size();
        return HealthCheckResponse.named("wishes")
                .withData("waiting", waiting)
                .status(waiting == 0)
                .build();
    }
}

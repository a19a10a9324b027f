package dev.graft.threads;

import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;

/// Says DOWN while a thread that the service cannot do without is dead, and names it.
@Liveness
@Singleton
class ThreadLiveness implements HealthCheck {
    private final SupervisedThreads threads;

    ThreadLiveness(SupervisedThreads threads) {
        this.threads = threads;
    }

    @Override
    public HealthCheckResponse call() {
        List<String> dead = threads.dead();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("graft-threads").status(dead.isEmpty());
        return dead.isEmpty()
                ? response.build()
                : response.withData("dead", String.join(", ", dead)).build();
    }
}

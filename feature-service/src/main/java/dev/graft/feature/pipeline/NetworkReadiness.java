package dev.graft.feature.pipeline;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Says DOWN until the default network is loaded.
@Readiness
@Singleton
public final class NetworkReadiness implements HealthCheck {
    private final EmbeddingPipeline pipeline;

    /// Makes the check.
    public NetworkReadiness(EmbeddingPipeline pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("graft-default-network")
                .status(pipeline.isWarm())
                .build();
    }
}

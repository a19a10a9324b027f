package dev.graft.predict.model;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Says UP once every model that was in production at the start is served or refused, and while no newer one waits
/// to be loaded.
@Readiness
@Singleton
class ModelsReadiness implements HealthCheck {
    private final PublishedModels published;
    private final ModelSwaps swaps;
    private final ModelShelf shelf;

    ModelsReadiness(PublishedModels published, ModelSwaps swaps, ModelShelf shelf) {
        this.published = published;
        this.swaps = swaps;
        this.shelf = shelf;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("models")
                .withData("caughtUp", published.isCaughtUp())
                .withData("served", shelf.served().size())
                .withData("waiting", swaps.waiting().size())
                .status(published.isCaughtUp() && swaps.waiting().isEmpty())
                .build();
    }
}

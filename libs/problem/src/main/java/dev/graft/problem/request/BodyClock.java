package dev.graft.problem.request;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

/// Says when a resource begins to read a body: filters run on the thread that reads it, which a busy service has not
/// at once.
@Provider
class BodyClock implements ContainerRequestFilter {
    private final CurrentVertxRequest current;

    @Inject
    BodyClock(CurrentVertxRequest current) {
        this.current = current;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        RoutingContext context = current.getCurrent();
        if (context != null) {
            OpenBodies.beginToRead(context);
        }
    }
}

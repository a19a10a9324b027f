package dev.graft.events;

import dev.graft.contracts.TraceContext;
import io.smallrye.common.vertx.ContextLocals;
import io.smallrye.common.vertx.VertxContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/// Keeps the trace to which a request belongs (`traceparent`) with the request, wherever its work runs, so that the
/// events that it causes belong to the same.
public final class RequestTrace {
    private static final String KEY = RequestTrace.class.getName();

    /// Takes the trace from the request's headers.
    @ServerRequestFilter
    public void remember(ContainerRequestContext request) {
        TraceContext.parse(request.getHeaderString("traceparent"), request.getHeaderString("tracestate"))
                .filter(trace -> VertxContext.isOnDuplicatedContext())
                .ifPresent(trace -> ContextLocals.put(KEY, trace));
    }

    /// Gives the trace of the request for which the caller works; empty when there is no such request or no trace.
    public static Optional<TraceContext> current() {
        return VertxContext.isOnDuplicatedContext() ? ContextLocals.get(KEY) : Optional.empty();
    }
}

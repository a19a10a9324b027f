package dev.graft.problem.request;

import dev.graft.problem.Problem;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;

/// Stands before every resource: what it refuses costs neither a thread nor a byte of memory or disk.
@Singleton
class RequestGate {
    /// Before everything that looks at the request, the HTTP layer's own limits included.
    private static final int FIRST = 1_000;

    /// Behind the HTTP layer's own limit, which is larger and would replace a smaller one.
    private static final int BEHIND_LIMIT = -(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT + 1);

    private final BodySizes sizes;
    private final OpenBodies bodies;
    private final Refusals refusals;

    RequestGate(BodySizes sizes, OpenBodies bodies, Refusals refusals) {
        this.sizes = sizes;
        this.bodies = bodies;
        this.refusals = refusals;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, FIRST);
        filters.register(this::bound, BEHIND_LIMIT);
    }

    /// A resource that was reading a body when its request was refused fails, which is no fault to log.
    void endQuietly(@Observes Router router) {
        router.route().order(-FIRST).failureHandler(context -> {
            if (!Refusals.isRefused(context)) {
                context.next();
            }
        });
    }

    private void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        ConnectionClock.headCame(context);
        RequestHeaders.normalise(request.headers());
        if (request.version() == HttpVersion.HTTP_1_0) {
            closeWithoutLength(context);
        }
        Optional<Problem> problem = RequestHeaders.problem(request).or(() -> sizes.problem(request));
        if (problem.isEmpty() && RequestHeaders.hasBody(request)) {
            problem = bodies.enter(context);
        }
        pass(context, problem);
    }

    private void bound(RoutingContext context) {
        sizes.boundUndeclared(context);
        context.next();
    }

    private void pass(RoutingContext context, Optional<Problem> problem) {
        problem.ifPresentOrElse(found -> refusals.refuse(context, found), context::next);
    }

    /// HTTP/1.0 knows no chunks: an answer that does not say its length ends with the connection, whatever the client
    /// asks for.
    private static void closeWithoutLength(RoutingContext context) {
        HttpServerResponse response = context.response();
        context.addHeadersEndHandler(_ -> {
            if (!response.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
                response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
                context.addEndHandler(_ -> response.close());
            }
        });
    }
}

package dev.graft.problem.request;

import dev.graft.problem.Problem;
import dev.graft.problem.ProblemType;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Bounds the sizes of bodies by their kind: forms go to disk, and JSON into memory, before a resource runs. Pictures
/// and archives are bounded where they are read, and everything by the HTTP layer.
@Singleton
class BodySizes {
    private static final long LOOK_MILLIS = 50;

    private final Refusals refusals;
    private final RequestLimits limits;
    private final long maxSizeBytes;

    BodySizes(
            Refusals refusals,
            RequestLimits limits,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") Optional<MemorySize> maxSize) {
        this.refusals = refusals;
        this.limits = limits;
        this.maxSizeBytes = maxSize.map(MemorySize::asLongValue).orElse(Long.MAX_VALUE);
    }

    private enum Kind {
        JSON,
        FORM,
        OTHER;

        static Kind of(HttpServerRequest request) {
            String contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
            if (contentType == null) {
                return OTHER;
            }
            return contentType.startsWith("multipart/")
                    ? FORM
                    : contentType.matches("application/([^;]*\\+)?json\\s*(;.*)?") ? JSON : OTHER;
        }
    }

    /// Finds out whether the headers state a body that is too large.
    Optional<Problem> problem(HttpServerRequest request) {
        return problem(Kind.of(request), RequestHeaders.declaredSizeBytes(request));
    }

    private Optional<Problem> problem(Kind kind, long sizeBytes) {
        if (sizeBytes <= maxSizeBytes(kind)) {
            return Optional.empty();
        }
        return Optional.of(Problem.of(
                ProblemType.CONTENT_TOO_LARGE,
                switch (kind) {
                    case JSON -> "A JSON body may have at most %,d bytes.".formatted(maxSizeBytes(kind));
                    case FORM ->
                        "A form may have at most %,d bytes. Send fewer files at once, or an archive to import."
                                .formatted(maxSizeBytes(kind));
                    case OTHER -> "The body has more than the %,d bytes allowed.".formatted(maxSizeBytes(kind));
                }));
    }

    private long maxSizeBytes(Kind kind) {
        return switch (kind) {
            case JSON -> Math.min(limits.maxJsonSizeBytes(), maxSizeBytes);
            case FORM -> Math.min(limits.maxFormSizeBytes(), maxSizeBytes);
            case OTHER -> maxSizeBytes;
        };
    }

    /// Bounds a body that does not say how large it is while it comes.
    void boundUndeclared(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.headers().contains(HttpHeaders.CONTENT_LENGTH) || !RequestHeaders.hasBody(request)) {
            return;
        }
        switch (Kind.of(request)) {
            case JSON -> context.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, maxSizeBytes(Kind.JSON));
            case FORM -> watchForm(context);
            case OTHER -> {}
        }
    }

    private void watchForm(RoutingContext context) {
        Vertx vertx = context.vertx();
        long looking = vertx.setPeriodic(
                LOOK_MILLIS,
                look -> problem(Kind.FORM, context.request().bytesRead())
                        .filter(_ -> !context.response().ended())
                        .ifPresent(problem -> {
                            vertx.cancelTimer(look);
                            refusals.refuse(context, problem);
                        }));
        context.addEndHandler(_ -> vertx.cancelTimer(looking));
    }
}

package dev.graft.problem.request;

import dev.graft.problem.Problem;
import dev.graft.problem.ProblemType;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Bounds the sizes of bodies by their kind: forms go to disk, and JSON into memory, before a resource runs. Pictures
/// and archives are bounded where they are read, and everything by the HTTP layer.
@Singleton
class BodySizes {
    private static final long LOOK_MILLIS = 50;

    /// No bound of the HTTP layer, which would be in the way of [StreamedBodies].
    private static final long BOUNDED_BY_READER = Long.MAX_VALUE;

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
        Kind kind = Kind.of(request);
        if (kind == Kind.FORM) {
            watchForm(context);
        }
        if (request.version() == HttpVersion.HTTP_2) {
            context.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, BOUNDED_BY_READER);
        } else if (kind == Kind.JSON) {
            context.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, maxSizeBytes(Kind.JSON));
        }
    }

    /// Refuses a body of which more has come than may.
    ///
    /// @throws IOException when it is refused
    void checkComing(RoutingContext context) throws IOException {
        HttpServerRequest request = context.request();
        Optional<Problem> problem = problem(Kind.of(request), request.bytesRead());
        if (problem.isPresent()) {
            refusals.refuse(context, problem.get());
            throw new IOException(problem.get().detail());
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

package dev.graft.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Tells a client that announces too large a body so as a problem. The HTTP layer below would only close.
@Singleton
class BodyLimit {
    /// Before everything that looks at the request, the HTTP layer's own limit included.
    private static final int FIRST = 1_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final long maxSizeBytes;

    BodyLimit(@ConfigProperty(name = "quarkus.http.limits.max-body-size") Optional<MemorySize> maxSize) {
        maxSizeBytes = maxSize.map(MemorySize::asLongValue).orElse(Long.MAX_VALUE);
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, FIRST);
    }

    private void check(RoutingContext context) {
        if (announcedSizeBytes(context.request()) <= maxSizeBytes) {
            context.next();
            return;
        }
        Problem problem = Problem.of(
                ProblemType.CONTENT_TOO_LARGE, "The body has more than the %d bytes allowed.".formatted(maxSizeBytes));
        try {
            context.response()
                    .setStatusCode(problem.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                    .putHeader(HttpHeaders.CONNECTION, "close")
                    .end(JSON.writeValueAsString(problem));
        } catch (JsonProcessingException e) {
            context.fail(e);
        }
    }

    private static long announcedSizeBytes(HttpServerRequest request) {
        String size = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return size == null ? 0 : Long.parseLong(size);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}

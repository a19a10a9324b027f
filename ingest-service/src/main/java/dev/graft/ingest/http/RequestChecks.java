package dev.graft.ingest.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.ingest.IngestConfig;
import dev.graft.problem.Problem;
import dev.graft.problem.ProblemType;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Refuses what no resource should see: forms and JSON that are too large, before anything of them is kept (the files
/// of a form go to disk, and JSON into memory, before a resource runs), and addresses with a NUL character, which the
/// database cannot take. Pictures and archives are bounded where they are read.
@Singleton
class RequestChecks {
    /// Behind the framework's own limit, which is larger and would replace the one for JSON, and before everything that
    /// reads bodies.
    private static final int PRIORITY = -(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT + 1);

    /// The largest JSON body that makes sense is a label of 200 characters.
    private static final long MAX_JSON_SIZE_BYTES = 64 << 10;

    private static final long LOOK_MILLIS = 50;
    private static final long LINGER_MILLIS = 1_000;

    private final ObjectMapper json;
    private final long maxFormSizeBytes;

    RequestChecks(ObjectMapper json, IngestConfig config) {
        this.json = json;
        this.maxFormSizeBytes = config.maxFormSizeBytes();
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext context) {
        Problem problem = problem(context);
        if (problem == null) {
            context.next();
        } else {
            refuse(context, problem);
        }
    }

    private @Nullable Problem problem(RoutingContext context) {
        if (context.request().uri().contains("%00")) {
            return Problem.of(ProblemType.INVALID_REQUEST, "The address holds a NUL character, which is never right.");
        }
        String mediaType = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        String kind = mediaType == null ? "" : mediaType.toLowerCase(Locale.ROOT);
        String announced = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        if (kind.startsWith("multipart/")) {
            return announced == null ? watchForm(context) : formProblem(Long.parseLong(announced));
        }
        if (kind.startsWith("application/json")) {
            return announced == null ? boundJson(context) : jsonProblem(Long.parseLong(announced));
        }
        return null;
    }

    private static @Nullable Problem boundJson(RoutingContext context) {
        context.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, MAX_JSON_SIZE_BYTES);
        return null;
    }

    private static @Nullable Problem jsonProblem(long sizeBytes) {
        return sizeBytes <= MAX_JSON_SIZE_BYTES
                ? null
                : Problem.of(
                        ProblemType.CONTENT_TOO_LARGE,
                        "A JSON body may have at most %,d bytes.".formatted(MAX_JSON_SIZE_BYTES));
    }

    private @Nullable Problem formProblem(long sizeBytes) {
        return sizeBytes <= maxFormSizeBytes
                ? null
                : Problem.of(
                        ProblemType.CONTENT_TOO_LARGE,
                        "A form may have at most %,d bytes. Send fewer files at once, or an archive to import."
                                .formatted(maxFormSizeBytes));
    }

    /// A form that comes in chunks does not say how large it is: it is looked at while it comes.
    private @Nullable Problem watchForm(RoutingContext context) {
        Vertx vertx = context.vertx();
        long looking = vertx.setPeriodic(LOOK_MILLIS, look -> {
            Problem problem = formProblem(context.request().bytesRead());
            if (problem != null && !context.response().ended()) {
                vertx.cancelTimer(look);
                refuse(context, problem);
            }
        });
        context.addEndHandler(ended -> vertx.cancelTimer(looking));
        return null;
    }

    /// Answers, and closes when the sender has had time to read the answer, whatever it goes on sending.
    private void refuse(RoutingContext context, Problem problem) {
        try {
            context.response()
                    .setStatusCode(problem.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                    .putHeader(HttpHeaders.CONNECTION, "close")
                    .end(json.writeValueAsString(problem));
            context.vertx()
                    .setTimer(
                            LINGER_MILLIS,
                            later -> context.request().connection().close());
        } catch (JsonProcessingException impossible) {
            context.fail(impossible);
        }
    }
}

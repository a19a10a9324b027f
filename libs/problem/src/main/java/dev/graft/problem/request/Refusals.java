package dev.graft.problem.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.problem.ErrorMember;
import dev.graft.problem.Problem;
import dev.graft.problem.ProblemType;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/// Answers requests that no resource is to see, or to see any more of.
@Singleton
class Refusals {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REFUSED = Refusals.class.getName();
    private static final long LINGER_MILLIS = 1_000;
    private static final String RETRY_AFTER_SECONDS = "1";

    private final ErrorMember errorMember;

    Refusals(ErrorMember errorMember) {
        this.errorMember = errorMember;
    }

    /// Returns whether a request was answered here, so that what its resource answers after that is ignored.
    static boolean isRefused(RoutingContext context) {
        return context.get(REFUSED) != null;
    }

    /// Answers, and closes when the client has had time to read the answer, whatever it goes on sending.
    void refuse(RoutingContext context, Problem problem) {
        context.put(REFUSED, problem);
        HttpServerResponse response = context.response();
        if (!response.headWritten()) {
            write(context, problem);
        }
        // What still comes is taken and dropped: a client that cannot send does not read either.
        context.request().resume();
        context.vertx()
                .setTimer(LINGER_MILLIS, _ -> context.request().connection().close());
    }

    private void write(RoutingContext context, Problem problem) {
        HttpServerResponse response = context.response();
        try {
            response.setStatusCode(problem.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                    .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            if (problem.is(ProblemType.UNSUPPORTED_MEDIA_TYPE) && "Content-Encoding".equals(problem.pointer())) {
                response.putHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
            }
            if (problem.is(ProblemType.TOO_BUSY)) {
                response.putHeader("Retry-After", RETRY_AFTER_SECONDS);
            }
            response.end(
                    JSON.writeValueAsString(errorMember.entity(context.request().path(), problem)));
        } catch (JsonProcessingException impossible) {
            context.fail(impossible);
        }
    }
}

package dev.graft.problem.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.problem.ErrorMember;
import dev.graft.problem.Problem;
import dev.graft.problem.ProblemType;
import dev.graft.problem.request.OpenBodies.OpenBody;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;

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

    /// Answers, and ends the exchange when the client has had time to read the answer, whatever it goes on
    /// sending.
    void refuse(RoutingContext context, Problem problem) {
        context.put(REFUSED, problem);
        context.vertx().setTimer(LINGER_MILLIS, _ -> end(context.request()));
        if (!context.response().headWritten()) {
            write(context, problem);
        }
        Optional<OpenBody> body = OpenBodies.of(context);
        if (body.isEmpty()) {
            // One that was let in is dropped as its answer begins.
            drop(context.request());
        } else if (context.request().version() == HttpVersion.HTTP_2) {
            body.get().refuse();
        }
    }

    /// Takes what still comes, for a client that cannot send does not read either, and gives nobody any of it. For the
    /// event loop of the connection.
    static void drop(HttpServerRequest request) {
        if (!request.isEnded()) {
            request.handler(_ -> {});
            request.resume();
        }
    }

    /// Ends the stream alone over HTTP/2: others have their requests on the same connection.
    private static void end(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            request.connection().close();
        } else if (!request.response().ended()) {
            request.response().reset(Http2Error.CANCEL.code());
        } else if (!request.isEnded()) {
            request.response().reset(Http2Error.NO_ERROR.code());
        }
    }

    private void write(RoutingContext context, Problem problem) {
        HttpServerResponse response = context.response();
        try {
            response.setStatusCode(problem.status()).putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
            if (context.request().version() != HttpVersion.HTTP_2) {
                response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
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

package dev.graft.problem;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.vertx.core.http.HttpClosedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// Maps every exception that leaves a resource to a problem.
public final class ProblemMappers {
    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);
    private static final String RETRY_AFTER_SECONDS = "1";

    /// What the framework says, by an exception of no kind of its own, of a form with too many parts.
    private static final Pattern FORM_LIMIT = Pattern.compile("Param limit of (\\d+) was exceeded");

    /// What it says of a body that turns out too large while it is read.
    private static final String BODY_LIMIT = "Request too large";

    /// How far causes are looked through, which may go round in a circle.
    private static final int CAUSES_MAX = 10;

    /// Answers as the thrower says.
    @ServerExceptionMapper
    public Response known(ProblemException exception) {
        Problem problem = exception.problem();
        if (exception.getCause() != null) {
            LOG.warnf(exception.getCause(), "Request refused type=%s detail=%s", problem.type(), problem.detail());
        }
        return response(problem);
    }

    /// Answers what the framework refuses before a resource runs: no such address, method, media type or parameter.
    @ServerExceptionMapper
    public Response refused(WebApplicationException exception) {
        if (exception.getCause() instanceof JsonProcessingException json) {
            return malformed(json);
        }
        if (exception instanceof NotFoundException && exception.getCause() != null) {
            // The framework could not convert a parameter to its Java type; the address itself exists.
            return response(Problem.of(
                    ProblemType.INVALID_REQUEST, "A parameter in the address is not of the kind that is expected."));
        }
        Response framework = exception.getResponse();
        int status = framework.getStatus();
        if (framework.hasEntity() || status < 400) {
            return framework;
        }
        ProblemType type = ProblemType.ofStatus(status);
        if (type == ProblemType.INTERNAL_ERROR) {
            return unexpected(exception);
        }
        Problem problem = new Problem(
                type.uri(), type.title(), status, framework.getStatusInfo().getReasonPhrase(), null, null);
        Response.ResponseBuilder response = builder(problem);
        String allow = framework.getHeaderString(HttpHeaders.ALLOW);
        return allow == null
                ? response.build()
                : response.header(HttpHeaders.ALLOW, allow).build();
    }

    /// Answers a body whose JSON has another shape than the request.
    @ServerExceptionMapper
    public Response mismatched(MismatchedInputException exception) {
        return malformed(exception);
    }

    /// Answers what nobody foresaw. The client gets a number to quote; the log gets the rest.
    @ServerExceptionMapper
    public Response unexpected(Throwable exception) {
        Optional<Problem> away = AwayBackends.problemOf(exception);
        if (away.isPresent()) {
            return response(away.get());
        }
        Matcher limit = FORM_LIMIT.matcher(String.valueOf(exception.getMessage()));
        if (limit.matches()) {
            return response(Problem.of(
                    ProblemType.CONTENT_TOO_LARGE,
                    "A form may have at most %s parts. Send fewer at once.".formatted(limit.group(1))));
        }
        if (exception instanceof IOException && BODY_LIMIT.equals(exception.getMessage())) {
            // The framework has answered already.
            return response(Problem.of(ProblemType.CONTENT_TOO_LARGE, "The body is larger than it may be."));
        }
        if (isCutConnection(exception)) {
            LOG.debug("Client went away", exception);
            return response(
                    Problem.of(ProblemType.INVALID_REQUEST, "The connection was closed before the request ended."));
        }
        String incidentId = UUID.randomUUID().toString();
        LOG.errorf(exception, "Request failed unexpectedly incidentId=%s", incidentId);
        return response(Problem.incident(incidentId));
    }

    /// Tells whether the client is gone, so that nobody hears the answer and nothing here is at fault. Reading its body
    /// fails as input does; a connection of our own to another service fails otherwise, and is an incident.
    private static boolean isCutConnection(Throwable exception) {
        return exception instanceof IOException
                && Stream.iterate(exception, Objects::nonNull, Throwable::getCause)
                        .limit(CAUSES_MAX)
                        .anyMatch(HttpClosedException.class::isInstance);
    }

    private static Response malformed(JsonProcessingException exception) {
        String pointer = exception instanceof JsonMappingException mapping ? pointerTo(mapping) : "";
        String detail = detailOf(exception);
        return response(
                pointer.isEmpty()
                        ? Problem.of(ProblemType.INVALID_REQUEST, detail)
                        : Problem.of(ProblemType.INVALID_REQUEST, detail, pointer));
    }

    /// Our own checks speak for themselves; Jackson's sentences name classes, so they are replaced.
    private static String detailOf(JsonProcessingException exception) {
        if (exception instanceof ValueInstantiationException
                && exception.getCause() instanceof IllegalArgumentException check
                && check.getMessage() != null) {
            return check.getMessage();
        }
        if (exception instanceof JsonMappingException mapping
                && !pointerTo(mapping).isEmpty()) {
            return "The value at " + pointerTo(mapping) + " is missing or of the wrong kind.";
        }
        if (exception.getLocation() == null) {
            return "The body is not the JSON that was expected.";
        }
        return "The body is not the JSON that was expected, at line %d, column %d."
                .formatted(
                        exception.getLocation().getLineNr(),
                        exception.getLocation().getColumnNr());
    }

    private static String pointerTo(JsonMappingException exception) {
        JsonPointer pointer = JsonPointer.empty();
        for (JsonMappingException.Reference step : exception.getPath()) {
            pointer = step.getFieldName() == null
                    ? pointer.appendIndex(step.getIndex())
                    : pointer.appendProperty(step.getFieldName());
        }
        return pointer.toString();
    }

    private static Response response(Problem problem) {
        return builder(problem).build();
    }

    private static Response.ResponseBuilder builder(Problem problem) {
        Response.ResponseBuilder response =
                Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem);
        return problem.status() == 503 ? response.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS) : response;
    }
}

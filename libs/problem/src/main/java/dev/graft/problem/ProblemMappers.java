package dev.graft.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.vertx.core.http.HttpClosedException;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.NoContentException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

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
    public Response refused(
            WebApplicationException exception, ContainerRequestContext request, SimpleResourceInfo resource) {
        if (exception.getCause() instanceof JsonProcessingException json) {
            return response(JsonProblems.of(json));
        }
        if (exception.getCause() instanceof NoContentException) {
            return response(Problem.of(ProblemType.INVALID_REQUEST, "The request has no body.", ""));
        }
        // Where the framework cannot convert a parameter to its Java type, it says "not found", of a header "bad".
        if (exception.getCause() != null && exception instanceof ClientErrorException) {
            Optional<Problem> parameter = WrittenParameters.problem(resource, request);
            if (parameter.isPresent()) {
                return response(parameter.get());
            }
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
        if (type == ProblemType.CONTENT_TOO_LARGE && ReadingFaults.isOne(exception)) {
            return response(Problem.of(
                    ProblemType.INVALID_REQUEST,
                    "A part of the form that is no file is too long. A file's part has a filename in its"
                            + " Content-Disposition, or an image's Content-Type."));
        }
        if (type == ProblemType.METHOD_NOT_ALLOWED) {
            return notAllowed(request);
        }
        return response(new Problem(
                type.uri(), type.title(), status, framework.getStatusInfo().getReasonPhrase(), null, null));
    }

    private Response notAllowed(ContainerRequestContext request) {
        Set<String> methods = AllowedMethods.at(request);
        Problem problem = Problem.of(
                ProblemType.METHOD_NOT_ALLOWED,
                "%s is not allowed here; %s are.".formatted(request.getMethod(), String.join(", ", methods)));
        return builder(problem).allow(methods).build();
    }

    /// Answers a body whose JSON has another shape than the request.
    @ServerExceptionMapper
    public Response mismatched(MismatchedInputException exception) {
        return response(JsonProblems.of(exception));
    }

    /// Answers a parameter or a body that breaks a constraint.
    @ServerExceptionMapper
    public Response constrained(ConstraintViolationException exception) {
        return Violations.areOfRequest(exception.getConstraintViolations())
                ? response(Violations.problem(exception.getConstraintViolations()))
                : unexpected(exception);
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
        if (ReadingFaults.isOne(exception)) {
            LOG.debug("Request could not be read", exception);
            if (ReadingFaults.isOfBody(exception)) {
                return response(Problem.of(
                        ProblemType.INVALID_REQUEST,
                        "The body could not be read: it is not complete, or not of the form that its Content-Type"
                                + " says.",
                        ""));
            }
            return response(Problem.of(
                    ProblemType.INVALID_REQUEST,
                    "The body or a parameter could not be read: it is not complete, or not of the form that its"
                            + " Content-Type says."));
        }
        String incidentId = UUID.randomUUID().toString();
        LOG.errorf(exception, "Request failed unexpectedly incidentId=%s", incidentId);
        return response(Problem.incident(incidentId));
    }

    /// Returns whether the client is gone, so that nobody receives the answer and nothing here is at fault.
    /// Reading its body fails as input does; a connection of our own to another service fails otherwise, and is
    /// an incident.
    private static boolean isCutConnection(Throwable exception) {
        return exception instanceof IOException
                && Stream.iterate(exception, Objects::nonNull, Throwable::getCause)
                        .limit(CAUSES_MAX)
                        .anyMatch(HttpClosedException.class::isInstance);
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

package dev.graft.problem;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Describes what is wrong to a client: the body of an `application/problem+json` answer (RFC 9457).
///
/// @param type       the kind, as in [ProblemType]
/// @param title      the kind's summary
/// @param status     the HTTP status
/// @param detail     what is wrong with this request, and what to do; no class names
/// @param pointer    what is wrong: a JSON pointer into the body (`/epochs`; empty: the body as a whole), or the name
///                   of a query parameter
/// @param incidentId names the log record of an internal error
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonPropertyOrder({"type", "title", "status", "detail", "pointer", "incidentId"})
public record Problem(
        URI type,
        String title,
        int status,
        @Nullable String detail,
        @Nullable String pointer,
        @Nullable String incidentId) {

    /// The media type of an answer that describes a problem.
    public static final String MEDIA_TYPE = "application/problem+json";

    /// Describes a problem of a catalogued kind.
    public static Problem of(ProblemType type, String detail) {
        return new Problem(type.uri(), type.title(), type.status(), detail, null, null);
    }

    /// Describes a problem with one part of the request.
    public static Problem of(ProblemType type, String detail, String pointer) {
        return new Problem(type.uri(), type.title(), type.status(), detail, pointer, null);
    }

    static Problem incident(String incidentId) {
        ProblemType type = ProblemType.INTERNAL_ERROR;
        String detail = "The service's log says more about incident " + incidentId + ".";
        return new Problem(type.uri(), type.title(), type.status(), detail, null, incidentId);
    }

    /// Returns whether this is a problem of the kind.
    public boolean is(ProblemType kind) {
        return type.equals(kind.uri());
    }
}

package dev.graft.ingest.http;

import dev.graft.problem.Problem;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/// The answer to a request that creates something, as it is remembered for the same request sent again.
///
/// @param status   the HTTP status
/// @param bodyJson a view, or a problem when the status is 400 or more
public record Answer(int status, String bodyJson) {

    /// Makes the response.
    public Response response() {
        return Response.status(status)
                .type(status < 400 ? MediaType.APPLICATION_JSON : Problem.MEDIA_TYPE)
                .entity(bodyJson)
                .build();
    }
}

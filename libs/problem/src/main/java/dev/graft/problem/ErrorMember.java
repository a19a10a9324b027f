package dev.graft.problem;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/// Adds the member `error`, one sentence, to problems under the paths of a protocol whose clients read it
/// (`graft.problem.error-member-path`, for example `/v2`).
@Singleton
public class ErrorMember {
    private final Optional<String> path;

    ErrorMember(@ConfigProperty(name = "graft.problem.error-member-path") Optional<String> path) {
        this.path = path;
    }

    /// A problem with one member more.
    public record ProblemWithError(@JsonUnwrapped Problem problem, String error) {}

    @ServerResponseFilter
    void add(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getEntity() instanceof Problem problem) {
            response.setEntity(entity(request.getUriInfo().getPath(), problem));
        }
    }

    /// Gives what is written for a problem at an address.
    public Object entity(String requestPath, Problem problem) {
        String address = requestPath.startsWith("/") ? requestPath : "/" + requestPath;
        return path.filter(prefix -> address.equals(prefix) || address.startsWith(prefix + "/"))
                .<Object>map(_ ->
                        new ProblemWithError(problem, Objects.requireNonNullElse(problem.detail(), problem.title())))
                .orElse(problem);
    }
}

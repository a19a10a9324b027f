package dev.graft.problem;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.util.Set;

/// Answers OPTIONS with the methods of the address: the framework would name those of all addresses of its resource
/// class. Where there is nothing at the address, the framework says so.
@Provider
@PreMatching
public class OptionsAnswer implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getMethod().equals(HttpMethod.OPTIONS)) {
            Set<String> methods = AllowedMethods.at(request);
            if (!methods.isEmpty()) {
                request.abortWith(Response.ok().allow(methods).build());
            }
        }
    }
}

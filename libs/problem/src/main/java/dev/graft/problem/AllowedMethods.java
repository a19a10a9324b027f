package dev.graft.problem;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.handlers.ClassRoutingHandler;
import org.jboss.resteasy.reactive.server.handlers.RestInitialHandler.InitialMatch;
import org.jboss.resteasy.reactive.server.jaxrs.ContainerRequestContextImpl;
import org.jboss.resteasy.reactive.server.mapping.RequestMapper;
import org.jboss.resteasy.reactive.server.mapping.RequestMapper.RequestMatch;
import org.jboss.resteasy.reactive.server.mapping.RequestMapper.RequestPath;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;
import org.jboss.resteasy.reactive.server.spi.ServerRestHandler;

/// Finds the methods that an address takes: a 405 must name them (RFC 9110, 15.5.6), and the framework does not; to
/// OPTIONS it names too many.
final class AllowedMethods {
    private AllowedMethods() {}

    /// Gives the methods, in alphabetical order.
    static Set<String> at(ContainerRequestContext context) {
        Set<String> methods = new TreeSet<>();
        if (context instanceof ContainerRequestContextImpl request
                && request.getServerRequestContext() instanceof ResteasyReactiveRequestContext routing) {
            String path = routing.getPathWithoutPrefix();
            for (RequestPath<InitialMatch> resource : routing.getDeployment().getClassMappers()) {
                RequestMatch<InitialMatch> match = new RequestMapper<>(new ArrayList<>(List.of(resource))).map(path);
                if (match != null) {
                    addMethods(match, methods);
                }
            }
        }
        if (methods.contains(HttpMethod.GET)) {
            methods.add(HttpMethod.HEAD);
        }
        if (!methods.isEmpty()) {
            methods.add(HttpMethod.OPTIONS);
        }
        return methods;
    }

    private static void addMethods(RequestMatch<InitialMatch> match, Set<String> methods) {
        String remaining = match.remaining.isEmpty() ? "/" : match.remaining;
        for (ServerRestHandler handler : match.value.handlers) {
            if (handler instanceof ClassRoutingHandler routing) {
                for (Map.Entry<String, RequestMapper<RuntimeResource>> method :
                        routing.getMappers().entrySet()) {
                    if (method.getKey() != null && method.getValue().map(remaining) != null) {
                        methods.add(method.getKey());
                    }
                }
            }
        }
    }
}

package dev.graft.problem;

import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MultivaluedMap;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;
import org.jspecify.annotations.Nullable;

/// Finds the parameter that could not be converted to its Java type: the framework says only that there is one.
final class WrittenParameters {
    private static final Kind WHOLE_NUMBER = new Kind("a whole number", Long::valueOf);
    private static final Kind SMALL_WHOLE_NUMBER = new Kind("a whole number of at most 32 bits", Integer::valueOf);
    private static final Map<Class<?>, Kind> KINDS = Map.of(
            int.class, SMALL_WHOLE_NUMBER,
            Integer.class, SMALL_WHOLE_NUMBER,
            long.class, WHOLE_NUMBER,
            Long.class, WHOLE_NUMBER,
            UUID.class, new Kind("a UUID", UUID::fromString));

    private WrittenParameters() {}

    /// @param name       what a parameter of the kind is, for users
    /// @param conversion throws an [IllegalArgumentException] for a text of another kind
    private record Kind(String name, Function<String, Object> conversion) {
        boolean takes(String text) {
            try {
                Object unused = conversion.apply(text);
                return true;
            } catch (IllegalArgumentException _) {
                return false;
            }
        }
    }

    /// Says which parameter of a request is not of its kind; empty when all are.
    static Optional<Problem> problem(SimpleResourceInfo resource, ContainerRequestContext request) {
        return parameters(resource)
                .flatMap(parameter -> problem(parameter, request).stream())
                .findFirst();
    }

    private static Stream<Parameter> parameters(SimpleResourceInfo resource) {
        if (resource.getResourceClass() == null) {
            // Refused before a resource was found.
            return Stream.empty();
        }
        try {
            Method method = resource.getResourceClass().getMethod(resource.getMethodName(), resource.parameterTypes());
            return Arrays.stream(method.getParameters());
        } catch (NoSuchMethodException _) {
            return Stream.empty();
        }
    }

    private static Optional<Problem> problem(Parameter parameter, ContainerRequestContext request) {
        Kind kind = KINDS.get(parameter.getType());
        String name = name(parameter);
        if (kind == null || name == null) {
            return Optional.empty();
        }
        String written = values(parameter, request).getFirst(name);
        return written == null || kind.takes(written)
                ? Optional.empty()
                : Optional.of(
                        Problem.of(ProblemType.INVALID_REQUEST, "%s must be %s.".formatted(name, kind.name()), name));
    }

    private static @Nullable String name(Parameter parameter) {
        if (parameter.isAnnotationPresent(QueryParam.class)) {
            return parameter.getAnnotation(QueryParam.class).value();
        }
        if (parameter.isAnnotationPresent(PathParam.class)) {
            return parameter.getAnnotation(PathParam.class).value();
        }
        return parameter.isAnnotationPresent(HeaderParam.class)
                ? parameter.getAnnotation(HeaderParam.class).value()
                : null;
    }

    private static MultivaluedMap<String, String> values(Parameter parameter, ContainerRequestContext request) {
        if (parameter.isAnnotationPresent(QueryParam.class)) {
            return request.getUriInfo().getQueryParameters();
        }
        return parameter.isAnnotationPresent(PathParam.class)
                ? request.getUriInfo().getPathParameters()
                : request.getHeaders();
    }
}

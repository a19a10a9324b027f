package dev.graft.problem;

import com.fasterxml.jackson.core.JsonPointer;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// Says which part of a request broke a constraint, in the client's words: a JSON pointer into the body, or the name of
/// a parameter as it stands in the address or the headers.
final class Violations {
    private Violations() {}

    /// Describes the first violation, by the alphabet, so that equal requests have equal answers.
    static Problem problem(Set<? extends ConstraintViolation<?>> violations) {
        ConstraintViolation<?> first = violations.stream()
                .min(Comparator.comparing((ConstraintViolation<?> violation) ->
                                violation.getPropertyPath().toString())
                        .thenComparing(ConstraintViolation::getMessage))
                .orElseThrow();
        String pointer = pointer(first);
        String what = pointer.isEmpty() ? "The body" : pointer;
        return Problem.of(ProblemType.INVALID_REQUEST, "%s %s.".formatted(what, first.getMessage()), pointer);
    }

    /// Returns whether a resource was called wrongly; otherwise it gave something wrong, and the client is not
    /// at fault.
    static boolean areOfRequest(Set<? extends ConstraintViolation<?>> violations) {
        return violations.stream().allMatch(violation -> {
            for (Path.Node node : violation.getPropertyPath()) {
                if (node.getKind() == ElementKind.PARAMETER) {
                    return true;
                }
            }
            return false;
        });
    }

    private static String pointer(ConstraintViolation<?> violation) {
        Iterator<Path.Node> nodes = violation.getPropertyPath().iterator();
        Path.MethodNode method = nodes.next().as(Path.MethodNode.class);
        Path.ParameterNode parameter = nodes.next().as(Path.ParameterNode.class);
        return nameOf(violation.getRootBeanClass(), method, parameter.getParameterIndex())
                .orElseGet(() -> pointer(nodes));
    }

    private static String pointer(Iterator<Path.Node> nodes) {
        JsonPointer pointer = JsonPointer.empty();
        while (nodes.hasNext()) {
            Path.Node node = nodes.next();
            if (node.getIndex() != null) {
                pointer = pointer.appendIndex(node.getIndex());
            } else if (node.getKey() != null) {
                pointer = pointer.appendProperty(node.getKey().toString());
            }
            if (node.getKind() == ElementKind.PROPERTY) {
                pointer = pointer.appendProperty(node.getName());
            }
        }
        return pointer.toString();
    }

    /// Gives the name of a parameter that is not the body. The bean's class may be one that the framework made, whose
    /// methods have lost their parameters' annotations.
    private static Optional<String> nameOf(Class<?> resource, Path.MethodNode node, int index) {
        Class<?>[] types = node.getParameterTypes().toArray(Class<?>[]::new);
        return Stream.<Class<?>>iterate(resource, Objects::nonNull, Class::getSuperclass)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method ->
                        method.getName().equals(node.getName()) && Arrays.equals(method.getParameterTypes(), types))
                .flatMap(method -> nameOf(method.getParameters()[index]).stream())
                .findFirst();
    }

    private static Optional<String> nameOf(Parameter parameter) {
        return Optional.<String>empty()
                .or(() -> value(parameter, QueryParam.class, QueryParam::value))
                .or(() -> value(parameter, PathParam.class, PathParam::value))
                .or(() -> value(parameter, HeaderParam.class, HeaderParam::value))
                .or(() -> value(parameter, FormParam.class, FormParam::value));
    }

    private static <A extends java.lang.annotation.Annotation> Optional<String> value(
            Parameter parameter, Class<A> type, Function<A, String> value) {
        return Optional.ofNullable(parameter.getAnnotation(type)).map(value);
    }
}

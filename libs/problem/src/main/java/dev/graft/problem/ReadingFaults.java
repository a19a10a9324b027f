package dev.graft.problem;

import java.util.Arrays;
import java.util.Set;

/// Distinguishes what the framework throws while it reads a request, most of it before a resource runs, from
/// what a resource throws. It has no exception of its own for that: a form without an end, for example, is a
/// plain `IOException`, and one whose part has no name a `NullPointerException`.
final class ReadingFaults {
    private static final String FRAMEWORK = "org.jboss.resteasy.reactive.server.";
    private static final Set<String> READERS = Set.of(
            FRAMEWORK + "handlers.FormBodyHandler",
            FRAMEWORK + "handlers.ParameterHandler",
            FRAMEWORK + "handlers.RequestDeserializeHandler");
    private static final String BODY_READER = FRAMEWORK + "handlers.RequestDeserializeHandler";

    private ReadingFaults() {}

    /// Returns whether the request itself could not be read, and not because the disk is full.
    static boolean isOne(Throwable exception) {
        return exception instanceof Exception
                && has(
                        exception,
                        frame -> READERS.contains(frame.getClassName())
                                || frame.getClassName().startsWith(FRAMEWORK + "core.multipart.")
                                || frame.getClassName().startsWith(FRAMEWORK + "vertx.VertxInputStream"))
                && !has(
                        root(exception),
                        frame -> frame.getClassName().startsWith("sun.nio.")
                                || frame.getClassName().startsWith("java.nio.file."));
    }

    /// Returns whether it was the body that could not be read, and no part of a form, which is a parameter.
    static boolean isOfBody(Throwable exception) {
        return has(exception, frame -> frame.getClassName().equals(BODY_READER));
    }

    private static Throwable root(Throwable exception) {
        Throwable root = exception;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    private static boolean has(Throwable exception, java.util.function.Predicate<StackTraceElement> wanted) {
        return Arrays.stream(exception.getStackTrace()).anyMatch(wanted);
    }
}

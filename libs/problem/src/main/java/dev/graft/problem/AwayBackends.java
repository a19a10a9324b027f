package dev.graft.problem;

import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import io.quarkus.arc.InstanceHandle;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// Finds out whether an exception that nobody caught means that a backend is away.
final class AwayBackends {
    private static final Logger LOG = Logger.getLogger(AwayBackends.class);

    /// How far causes are looked through, which may go round in a circle.
    private static final int CAUSES_MAX = 10;

    private AwayBackends() {}

    /// Describes the backend that is away, if one is.
    static Optional<Problem> problemOf(Throwable exception) {
        ArcContainer container = Arc.container();
        if (container == null) {
            return Optional.empty();
        }
        List<BackendFaults> backends = container.listAll(BackendFaults.class).stream()
                .map(InstanceHandle::get)
                .toList();
        Optional<Problem> away = Stream.iterate(exception, Objects::nonNull, Throwable::getCause)
                .limit(CAUSES_MAX)
                .flatMap(cause ->
                        backends.stream().map(backend -> backend.explain(cause)).filter(Objects::nonNull))
                .findFirst()
                .map(detail -> Problem.of(ProblemType.BACKEND_UNAVAILABLE, detail));
        away.ifPresent(problem -> LOG.warnf("Request refused detail=%s reason=%s", problem.detail(), exception));
        return away;
    }
}

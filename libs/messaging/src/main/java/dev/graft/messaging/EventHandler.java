package dev.graft.messaging;

import dev.graft.contracts.Envelope;
import io.smallrye.mutiny.Uni;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/// What a consumer does with events that are new to it.
@FunctionalInterface
public interface EventHandler {

    /// Handles events in one transaction, which also marks them as handled; in the order of their records. Runs
    /// on an event loop and must not block. It may run again with the same events after a fault.
    ///
    /// @throws dev.graft.contracts.PoisonEventException (or a `Uni` that fails with it) when an event can never be
    ///     handled; the others are then handled one by one
    Uni<?> handle(Mutiny.Session session, List<Envelope<?>> events);
}

package dev.graft.events.delivery;

import dev.graft.contracts.Envelope;
import java.util.List;

/// What a consumer does with events.
@FunctionalInterface
public interface EventWork {

    /// Handles events in the order of their records, all or none of them. It may run again with the same events.
    ///
    /// @throws dev.graft.contracts.PoisonEventException when an event can never be handled
    /// @throws BackendAwayException when a backend is away
    /// @throws NoRoomException when there is no room for an event now
    void handle(List<Envelope<?>> events) throws InterruptedException;
}

package dev.graft.messaging;

import dev.graft.contracts.Envelope;
import dev.graft.contracts.Event;
import dev.graft.contracts.EventCodec;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;

/// Tells events together with the rows that they speak of.
///
/// An appended event is told exactly when its transaction commits, and at least once. Events of one key, appended in
/// transactions that follow one another, are told in that order.
@ApplicationScoped
public class Outbox {
    private final EventCodec codec = new EventCodec();
    private final URI source;
    private final OutboxSignal signal;

    Outbox(@ConfigProperty(name = "quarkus.application.name") String applicationName, OutboxSignal signal) {
        this.source = URI.create("/graft/" + applicationName);
        this.signal = signal;
    }

    /// Appends events in the caller's transaction, in the order given.
    public Uni<Void> append(Mutiny.Session session, Event... events) {
        return append(session, List.of(events));
    }

    /// Appends events in the caller's transaction, in the order given.
    public Uni<Void> append(Mutiny.Session session, Collection<? extends Event> events) {
        Object[] rows = events.stream()
                .map(event -> OutboxRecord.of(Envelope.of(source, event), codec))
                .toArray();
        signal.appended();
        return session.persistAll(rows);
    }
}

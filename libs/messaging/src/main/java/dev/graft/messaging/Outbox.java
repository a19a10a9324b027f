package dev.graft.messaging;

import dev.graft.contracts.Envelope;
import dev.graft.contracts.Event;
import dev.graft.contracts.TraceContext;
import dev.graft.events.EventRecords;
import dev.graft.events.RequestTrace;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;

/// Publishes events together with the rows that they speak of.
///
/// An appended event is published exactly when its transaction commits, and at least once. Events of one key, appended
/// in transactions that follow one another, are published in that order. An event that is appended for a request
/// belongs to the request's trace; any other belongs to the trace of what it is about ([TraceLinks]).
@ApplicationScoped
public class Outbox {
    private final EventRecords records = new EventRecords();
    private final URI source;
    private final OutboxSignal signal;
    private final TraceLinks traces;

    Outbox(
            @ConfigProperty(name = "quarkus.application.name") String applicationName,
            OutboxSignal signal,
            TraceLinks traces) {
        this.source = URI.create("/graft/" + applicationName);
        this.signal = signal;
        this.traces = traces;
    }

    /// Appends events in the caller's transaction, in the order given.
    ///
    /// @throws IllegalArgumentException when one is too large to be published
    public Uni<Void> append(Mutiny.Session session, Event... events) {
        return append(session, List.of(events));
    }

    /// Appends events in the caller's transaction, in the order given.
    ///
    /// @throws IllegalArgumentException when one is too large to be published
    public Uni<Void> append(Mutiny.Session session, Collection<? extends Event> events) {
        TraceContext trace = RequestTrace.current().orElse(null);
        List<Envelope<?>> envelopes = new ArrayList<>(events.size());
        events.forEach(event -> envelopes.add(Envelope.of(source, event, trace)));
        Object[] rows = envelopes.stream()
                .map(envelope -> OutboxRecord.of(envelope, records.write(envelope)))
                .toArray();
        signal.appended();
        Uni<Void> appended = session.persistAll(rows);
        return trace == null ? appended : appended.chain(() -> traces.remember(session, envelopes));
    }
}

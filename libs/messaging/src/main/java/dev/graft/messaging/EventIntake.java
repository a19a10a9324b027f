package dev.graft.messaging;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.graft.contracts.Envelope;
import dev.graft.events.delivery.BackendAwayException;
import dev.graft.events.delivery.EventDelivery;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.hibernate.reactive.mutiny.Mutiny;

/// Takes batches of records for consumers whose effects are rows, so that each event has its effect once.
///
/// What becomes of events whose handling fails is for [EventDelivery] to decide; here is known which faults
/// mean that the database is away. An unexpected fault is taken for the database's as long as the database does
/// not answer a query of its own, so that nothing is parked for an outage. A statement that the database ends
/// for its length is such a fault.
@ApplicationScoped
public class EventIntake {
    private final EventDelivery delivery;
    private final Transactions transactions;
    private final ProcessedEvents processed;
    private final TraceLinks traces;

    EventIntake(EventDelivery delivery, Transactions transactions, ProcessedEvents processed, TraceLinks traces) {
        this.delivery = delivery;
        this.transactions = transactions;
        this.processed = processed;
        this.traces = traces;
    }

    /// Handles a batch. When this returns, every record has had its effect or is a dead letter, and the batch may be
    /// acknowledged. The calling thread waits.
    ///
    /// @param consumer names the effect and never changes: an event that one consumer has handled is still new
    ///     to another
    /// @throws java.util.concurrent.CancellationException when the service stops first; the batch will come again
    public void handle(String consumer, ConsumerRecords<String, byte[]> records, EventHandler handler) {
        delivery.deliver(consumer, records, events -> handle(consumer, events, handler));
    }

    private void handle(String consumer, List<Envelope<?>> events, EventHandler handler) {
        try {
            transactions.call(session -> handleFresh(session, consumer, events, handler));
        } catch (RuntimeException e) {
            if (DatabaseFaults.isPassing(e)) {
                throw new BackendAwayException(e);
            }
            requireDatabase();
            throw e;
        }
    }

    /// The query is native as it is about the database and no entity.
    private void requireDatabase() {
        try {
            transactions.call(session ->
                    session.createNativeQuery("select 1", Integer.class).getSingleResult());
        } catch (RuntimeException e) {
            throw new BackendAwayException(e);
        }
    }

    private Uni<Void> handleFresh(
            Mutiny.Session session, String consumer, List<Envelope<?>> events, EventHandler handler) {
        Set<String> ids = events.stream().map(EventIntake::identity).collect(toUnmodifiableSet());
        return processed.firstTimes(session, consumer, ids).chain(fresh -> {
            Set<String> waiting = new HashSet<>(fresh);
            List<Envelope<?>> news = new ArrayList<>(fresh.size());
            for (Envelope<?> event : events) {
                if (waiting.remove(identity(event))) {
                    news.add(event);
                }
            }
            return news.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : traces.remember(session, news)
                            .chain(() -> handler.handle(session, news))
                            .replaceWithVoid();
        });
    }

    /// An id is unique within its source only (CloudEvents 1.0.2, §3.1).
    private static String identity(Envelope<?> event) {
        return event.source() + " " + event.id();
    }
}

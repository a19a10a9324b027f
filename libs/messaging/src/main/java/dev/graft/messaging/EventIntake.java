package dev.graft.messaging;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.graft.contracts.Envelope;
import dev.graft.contracts.EventCodec;
import dev.graft.contracts.PoisonEventException;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.Header;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/// Takes batches of records for consumers, so that each event has its effect once.
///
/// A record that is no event, or that its handler calls poison, goes to the dead-letter topic and the rest goes on. Any
/// other fault is retried with growing pauses until it is mended; meanwhile the service is not ready.
@ApplicationScoped
public class EventIntake {
    private static final Logger LOG = Logger.getLogger(EventIntake.class);

    private final EventCodec codec = new EventCodec();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Transactions transactions;
    private final ProcessedEvents processed;
    private final DeadLetters deadLetters;
    private final Stalls stalls;

    EventIntake(Transactions transactions, ProcessedEvents processed, DeadLetters deadLetters, Stalls stalls) {
        this.transactions = transactions;
        this.processed = processed;
        this.deadLetters = deadLetters;
        this.stalls = stalls;
    }

    private record Arrival(ConsumerRecord<String, byte[]> record, Envelope<?> envelope) {}

    /// Handles a batch. When this returns, every record has had its effect or is a dead letter, and the batch may be
    /// acknowledged. The calling thread waits.
    ///
    /// @param consumer names the effect, for ever: an event that one consumer has had is still new to another
    /// @throws CancellationException when the service stops first; the batch will come again
    public void handle(String consumer, ConsumerRecords<String, byte[]> records, EventHandler handler) {
        List<Arrival> arrivals = new ArrayList<>(records.count());
        for (ConsumerRecord<String, byte[]> record : records) {
            try {
                arrivals.add(new Arrival(record, codec.decode(headers(record), record.value())));
            } catch (PoisonEventException e) {
                bury(consumer, record, Faults.reason(e));
            }
        }
        if (!arrivals.isEmpty()) {
            handle(consumer, arrivals, handler);
        }
    }

    private void handle(String consumer, List<Arrival> arrivals, EventHandler handler) {
        try {
            persist(consumer, () -> transactions.call(session -> handleFresh(session, consumer, arrivals, handler)));
        } catch (PermanentFaultException e) {
            if (arrivals.size() == 1) {
                bury(consumer, arrivals.getFirst().record(), Faults.reason(e.getCause()));
            } else {
                arrivals.forEach(arrival -> handle(consumer, List.of(arrival), handler));
            }
        }
    }

    private Uni<Void> handleFresh(
            Mutiny.Session session, String consumer, List<Arrival> arrivals, EventHandler handler) {
        Set<String> ids = arrivals.stream().map(EventIntake::identity).collect(toUnmodifiableSet());
        return processed.firstTimes(session, consumer, ids).chain(fresh -> {
            Set<String> waiting = new HashSet<>(fresh);
            List<Envelope<?>> events = new ArrayList<>(fresh.size());
            for (Arrival arrival : arrivals) {
                if (waiting.remove(identity(arrival))) {
                    events.add(arrival.envelope());
                }
            }
            return events.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : handler.handle(session, events).replaceWithVoid();
        });
    }

    /// An id is unique within its source only (CloudEvents 1.0.2, §3.1).
    private static String identity(Arrival arrival) {
        return arrival.envelope().source() + " " + arrival.envelope().id();
    }

    private void bury(String consumer, ConsumerRecord<String, byte[]> record, String reason) {
        persist(
                consumer,
                () -> deadLetters.bury(consumer, record, reason).await().indefinitely());
    }

    /// Tries until it works, a permanent fault shows, or the service stops.
    private void persist(String consumer, Runnable work) {
        for (int attempt = 1; ; attempt++) {
            try {
                work.run();
                stalls.moving(consumer);
                return;
            } catch (RuntimeException e) {
                if (Faults.isPermanent(e)) {
                    stalls.moving(consumer);
                    throw new PermanentFaultException(e);
                }
                stalls.stalled(consumer, e);
                LOG.warnf("Events wait consumer=%s attempt=%d reason=%s", consumer, attempt, e);
                pause(attempt);
            }
        }
    }

    private void pause(int attempt) {
        try {
            if (stopping.await(Backoff.pauseMillis(attempt), TimeUnit.MILLISECONDS)) {
                throw new CancellationException("the service stops");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the service stops");
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        stopping.countDown();
    }

    private static Map<String, String> headers(ConsumerRecord<?, ?> record) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        return headers;
    }

    private static final class PermanentFaultException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final RuntimeException fault;

        PermanentFaultException(RuntimeException fault) {
            super(fault);
            this.fault = fault;
        }

        @Override
        public synchronized RuntimeException getCause() {
            return fault;
        }
    }
}

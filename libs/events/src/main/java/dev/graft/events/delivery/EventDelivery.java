package dev.graft.events.delivery;

import dev.graft.contracts.Envelope;
import dev.graft.contracts.PoisonEventException;
import dev.graft.events.Backoff;
import dev.graft.events.EventRecords;
import dev.graft.events.Stalls;
import dev.graft.events.deadletter.DeadLetters;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Hands the events of records to a consumer's work and decides what happens to those that fail.
///
/// - A record that is no event, or that the work calls poison, becomes a dead letter.
/// - While a backend is away, everything waits, with growing pauses; the service is not ready.
/// - While there is no room for an event, it waits in the same way, and the service stays ready. Events of a
///   batch for which there is no room together are tried one by one.
/// - Any other exception is unexpected: the event is tried [#ATTEMPTS] times within about two seconds and then parked.
///   Of a batch only the events that fail are tried again, all of them in the same pauses, so that a batch is held up
///   once, not once for each of them. An event that is parked is overtaken by those behind it.
@ApplicationScoped
public class EventDelivery {
    /// How often an event is tried before it is parked.
    public static final int ATTEMPTS = 5;

    private static final Logger LOG = Logger.getLogger(EventDelivery.class);

    private final EventRecords records = new EventRecords();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final DeadLetters deadLetters;
    private final Stalls stalls;

    EventDelivery(DeadLetters deadLetters, Stalls stalls) {
        this.deadLetters = deadLetters;
        this.stalls = stalls;
    }

    private record Arrival(ConsumerRecord<String, byte[]> record, Envelope<?> envelope) {}

    /// An event whose handling failed unexpectedly, and how.
    private record Failure(Arrival arrival, Throwable fault) {}

    /// Delivers records. When this returns, each of them has had its effect or is a dead letter, and they may be
    /// acknowledged. The calling thread waits.
    ///
    /// @throws CancellationException when the service stops first; the records will come again
    public void deliver(String consumer, Iterable<ConsumerRecord<String, byte[]>> batch, EventWork work) {
        List<Arrival> arrivals = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : batch) {
            try {
                arrivals.add(new Arrival(record, records.read(record)));
            } catch (PoisonEventException e) {
                await(consumer, () -> deadLetters.unreadable(consumer, record, Faults.reason(e)));
            }
        }
        if (!arrivals.isEmpty()) {
            deliver(consumer, arrivals, work);
        }
    }

    private void deliver(String consumer, List<Arrival> arrivals, EventWork work) {
        if (arrivals.size() > 1 && attempt(consumer, arrivals, work) == null) {
            return;
        }
        List<Arrival> waiting = arrivals;
        for (int attempt = 1; !waiting.isEmpty(); attempt++) {
            List<Failure> failures = attemptEach(consumer, waiting, work);
            if (attempt == ATTEMPTS) {
                failures.forEach(failure -> park(consumer, failure));
                return;
            }
            waiting = failures.stream().map(Failure::arrival).toList();
            if (!waiting.isEmpty()) {
                LOG.warnf(
                        failures.getFirst().fault(),
                        "Events failed unexpectedly consumer=%s count=%d attempt=%d",
                        consumer,
                        failures.size(),
                        attempt);
                pause(attempt);
            }
        }
    }

    /// Tries events one by one; gives those that failed unexpectedly.
    private List<Failure> attemptEach(String consumer, List<Arrival> arrivals, EventWork work) {
        List<Failure> failures = new ArrayList<>();
        for (Arrival arrival : arrivals) {
            Throwable fault = attempt(consumer, List.of(arrival), work);
            if (fault != null && Faults.kind(fault) == Faults.Kind.POISON) {
                await(consumer, () -> deadLetters.unreadable(consumer, arrival.record(), Faults.reason(fault)));
            } else if (fault != null) {
                failures.add(new Failure(arrival, fault));
            }
        }
        return failures;
    }

    /// Tries events together, and waits for what passes; gives the fault that waiting does not mend.
    private @Nullable Throwable attempt(String consumer, List<Arrival> arrivals, EventWork work) {
        List<Envelope<?>> events = new ArrayList<>(arrivals.size());
        arrivals.forEach(arrival -> events.add(arrival.envelope()));
        for (int wait = 1; ; wait++) {
            try {
                work.handle(events);
                stalls.moving(consumer);
                return null;
            } catch (InterruptedException e) {
                throw interrupted(e);
            } catch (CancellationException e) {
                throw e;
            } catch (RuntimeException | Error e) {
                Faults.Kind kind = Faults.kind(e);
                boolean passes = kind == Faults.Kind.AWAY || kind == Faults.Kind.NO_ROOM && arrivals.size() == 1;
                if (!passes) {
                    stalls.moving(consumer);
                    return e;
                }
                waitUntilItPasses(consumer, e, wait);
            }
        }
    }

    private void park(String consumer, Failure failure) {
        LOG.errorf(failure.fault(), "Event parked consumer=%s attempts=%d", consumer, ATTEMPTS);
        await(
                consumer,
                () -> deadLetters.park(consumer, failure.arrival().record(), Faults.reason(failure.fault()), ATTEMPTS));
    }

    /// Publishes until the broker takes it or the service stops.
    private void await(String consumer, Supplier<Uni<Void>> publication) {
        for (int wait = 1; ; wait++) {
            try {
                publication.get().await().indefinitely();
                stalls.moving(consumer);
                return;
            } catch (RuntimeException e) {
                waitUntilItPasses(consumer, e, wait);
            }
        }
    }

    private void waitUntilItPasses(String consumer, Throwable fault, int attempt) {
        if (Faults.kind(fault) == Faults.Kind.NO_ROOM) {
            stalls.crowded(consumer, fault);
        } else {
            stalls.stalled(consumer, fault);
        }
        LOG.warnf("Events wait consumer=%s attempt=%d reason=%s", consumer, attempt, fault);
        try {
            pause(attempt);
        } catch (CancellationException e) {
            stalls.moving(consumer);
            throw e;
        }
    }

    private void pause(int attempt) {
        try {
            if (stopping.await(Backoff.pauseMillis(attempt), TimeUnit.MILLISECONDS)) {
                throw new CancellationException("the service stops");
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static CancellationException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        CancellationException stopped = new CancellationException("the service stops");
        stopped.initCause(e);
        return stopped;
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        stopping.countDown();
    }
}

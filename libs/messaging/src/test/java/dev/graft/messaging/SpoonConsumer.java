package dev.graft.messaging;

import dev.graft.contracts.Envelope;
import dev.graft.contracts.ImageIngested;
import dev.graft.contracts.PoisonEventException;
import dev.graft.events.delivery.BackendAwayException;
import dev.graft.events.delivery.NoRoomException;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/// Counts what it consumes, in a row per media type. Events about very wide images are poison to it; those
/// about images as wide as it is allowed break it until it is repaired; those about images of
/// [#SLOW_WIDTH_PIXELS] take longer than a statement may.
@ApplicationScoped
public class SpoonConsumer {
    static final int SLOW_WIDTH_PIXELS = 8_000;

    private final EventIntake intake;
    private final AtomicInteger faultsToCome = new AtomicInteger();
    private volatile boolean repaired;
    private volatile int room = Integer.MAX_VALUE;

    SpoonConsumer(EventIntake intake) {
        this.intake = intake;
    }

    @Incoming("spoons")
    @Blocking
    void consume(ConsumerRecords<String, byte[]> records) {
        intake.handle("count", records, this::count);
    }

    /// Fails so often from now on, after the rows are written, as if a backend were away.
    void failNext(int times) {
        faultsToCome.set(times);
    }

    void repair(boolean repaired) {
        this.repaired = repaired;
    }

    /// Has room for so many events together from now on.
    void room(int events) {
        room = events;
    }

    private Uni<?> count(Mutiny.Session session, List<Envelope<?>> events) {
        if (events.size() > room) {
            throw new NoRoomException(new IllegalStateException("the drawer is full"));
        }
        return Multi.createFrom()
                .iterable(events)
                .onItem()
                .transformToUniAndConcatenate(envelope -> count(session, envelope))
                .collect()
                .last()
                .invoke(() -> {
                    if (faultsToCome.getAndUpdate(times -> Math.max(0, times - 1)) > 0) {
                        throw new BackendAwayException(new ConnectException("the drawer is stuck"));
                    }
                });
    }

    private Uni<Integer> count(Mutiny.Session session, Envelope<?> envelope) {
        if (!(envelope.event() instanceof ImageIngested image)) {
            return Uni.createFrom().failure(new PoisonEventException("not about a picture"));
        }
        if (image.widthPixels() > 9_000) {
            return Uni.createFrom().failure(new PoisonEventException("too wide for a spoon"));
        }
        if (image.widthPixels() == 9_000 && !repaired) {
            throw new IllegalStateException("the spoon bends");
        }
        if (image.widthPixels() == SLOW_WIDTH_PIXELS) {
            return session.createNativeQuery("set local statement_timeout = 1")
                    .executeUpdate()
                    .call(() -> session.createNativeQuery("select cast(pg_sleep(30) as text)", String.class)
                            .getSingleResult());
        }
        return session.createNativeQuery("insert into spoon (name, count) values (?, 1)"
                        + " on conflict (name) do update set count = spoon.count + 1")
                .setParameter(1, image.mediaType())
                .executeUpdate();
    }
}

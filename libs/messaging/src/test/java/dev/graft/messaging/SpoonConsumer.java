package dev.graft.messaging;

import dev.graft.contracts.Envelope;
import dev.graft.contracts.ImageIngested;
import dev.graft.contracts.PoisonEventException;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/// Counts what it hears, in a row per media type. Events about very wide pictures are poison to it.
@ApplicationScoped
public class SpoonConsumer {
    private final EventIntake intake;

    SpoonConsumer(EventIntake intake) {
        this.intake = intake;
    }

    @Incoming("spoons")
    @Blocking
    void consume(ConsumerRecords<String, byte[]> records) {
        intake.handle("count", records, SpoonConsumer::count);
    }

    private static Uni<?> count(Mutiny.Session session, List<Envelope<?>> events) {
        return Multi.createFrom()
                .iterable(events)
                .onItem()
                .transformToUniAndConcatenate(envelope -> count(session, envelope))
                .collect()
                .last();
    }

    private static Uni<Integer> count(Mutiny.Session session, Envelope<?> envelope) {
        if (!(envelope.event() instanceof ImageIngested image)) {
            return Uni.createFrom().failure(new PoisonEventException("not about a picture"));
        }
        if (image.widthPixels() > 9_000) {
            return Uni.createFrom().failure(new PoisonEventException("too wide for a spoon"));
        }
        return session.createNativeQuery("insert into spoon (name, count) values (?, 1)"
                        + " on conflict (name) do update set count = spoon.count + 1")
                .setParameter(1, image.mediaType())
                .executeUpdate();
    }
}

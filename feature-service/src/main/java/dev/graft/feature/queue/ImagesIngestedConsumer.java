package dev.graft.feature.queue;

import dev.graft.contracts.Envelope;
import dev.graft.contracts.ImageIngested;
import dev.graft.contracts.PoisonEventException;
import dev.graft.feature.EmbeddingConfig;
import dev.graft.feature.extractor.Extractors;
import dev.graft.messaging.EventIntake;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/// Queues each new image for the default extractor, so that its embedding is there before anybody asks.
@ApplicationScoped
public class ImagesIngestedConsumer {
    private static final String CONSUMER = "embed-on-ingest";

    private final EventIntake intake;
    private final ImageQueue queue;
    private final Extractors extractors;
    private final EmbeddingConfig config;

    /// Makes the consumer.
    public ImagesIngestedConsumer(EventIntake intake, ImageQueue queue, Extractors extractors, EmbeddingConfig config) {
        this.intake = intake;
        this.queue = queue;
        this.extractors = extractors;
        this.config = config;
    }

    /// Takes a batch of events: one transaction, one statement of many rows.
    @Incoming("images-ingested")
    @Blocking
    public void consume(ConsumerRecords<String, byte[]> records) {
        if (!config.onIngest()) {
            return;
        }
        intake.handle(CONSUMER, records, this::enqueue);
        queue.arrived();
    }

    private Uni<Integer> enqueue(Mutiny.Session session, List<Envelope<?>> events) {
        List<String> imageIds =
                events.stream().map(ImagesIngestedConsumer::imageId).distinct().toList();
        return extractors.resolveDefault(session).chain(extractor -> queue.enqueue(session, extractor.id(), imageIds));
    }

    private static String imageId(Envelope<?> envelope) {
        if (envelope.event() instanceof ImageIngested ingested) {
            return ingested.imageId();
        }
        throw new PoisonEventException("not expected on this topic: " + envelope.type());
    }
}

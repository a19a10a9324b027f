package dev.graft.predict.request;

import dev.graft.contracts.Envelope;
import dev.graft.contracts.PoisonEventException;
import dev.graft.contracts.PredictionCompleted;
import dev.graft.contracts.PredictionRequested;
import dev.graft.events.EventPublisher;
import dev.graft.events.delivery.BackendAwayException;
import dev.graft.events.delivery.EventDelivery;
import dev.graft.events.delivery.NoRoomException;
import dev.graft.objectstore.ObjectStoreException;
import dev.graft.predict.PredictConfig;
import dev.graft.predict.model.PublishedModels;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Answers requests for predictions: one answer event for each request, whose id follows from the request's, so that a
/// second delivery of the request is a second delivery of the answer and not a second answer.
///
/// A request waits until the models in production are loaded, and while object storage or the broker is away or
/// no memory is free for decoding. Requests wait each for itself: one that is tried again holds no turn and holds
/// up no other.
@ApplicationScoped
class PredictionRequests {
    private static final String CONSUMER = "answer-prediction-requests";
    private static final URI SOURCE = URI.create("/graft/predict-service");

    private final EventDelivery delivery;
    private final EventPublisher publisher;
    private final PublishedModels models;
    private final StoredImages images;
    private final Semaphore turns;

    PredictionRequests(
            EventDelivery delivery,
            EventPublisher publisher,
            PublishedModels models,
            StoredImages images,
            PredictConfig config) {
        this.delivery = delivery;
        this.publisher = publisher;
        this.models = models;
        this.images = images;
        this.turns = new Semaphore(config.concurrentPredictionRequests(), true);
    }

    /// Handles a record. When this returns, it is answered or a dead letter.
    @Incoming("predictions-requested")
    @RunOnVirtualThread
    void consume(ConsumerRecord<String, byte[]> record) {
        delivery.deliver(CONSUMER, List.of(record), this::answer);
    }

    private void answer(List<Envelope<?>> events) throws InterruptedException {
        for (Envelope<?> envelope : events) {
            if (!(envelope.event() instanceof PredictionRequested request)) {
                throw new PoisonEventException("not a prediction request: " + envelope.type());
            }
            models.awaitCaughtUp();
            turns.acquire();
            try {
                publish(envelope, images.predict(request));
            } catch (ObjectStoreException e) {
                throw new BackendAwayException(e);
            } catch (ProblemException e) {
                throw e.problem().is(ProblemType.TOO_BUSY) ? new NoRoomException(e) : e;
            } finally {
                turns.release();
            }
        }
    }

    private void publish(Envelope<?> request, PredictionCompleted answer) {
        String id = UUID.nameUUIDFromBytes((request.source() + " " + request.id()).getBytes(StandardCharsets.UTF_8))
                .toString();
        publisher
                .publish(new Envelope<>(id, SOURCE, Instant.now(), answer, request.trace()))
                .await()
                .indefinitely();
    }
}

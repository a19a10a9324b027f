package dev.graft.predict.request;

import dev.graft.contracts.Envelope;
import dev.graft.contracts.EventCodec;
import dev.graft.contracts.PoisonEventException;
import dev.graft.contracts.PredictionCompleted;
import dev.graft.contracts.PredictionRequested;
import dev.graft.predict.PredictConfig;
import dev.graft.predict.RecordHeaderText;
import dev.graft.predict.model.PublishedModels;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

/// Answers wishes for predictions: one answer event for each wish, whose id follows from the wish's, so that a second
/// delivery of the wish is a second delivery of the answer and not a second answer.
///
/// A wish waits until the models in production are loaded, and while object storage or the broker is away. One whose
/// answer fails in another way fails the same way again, and goes to the dead letters.
@ApplicationScoped
class Wishes {
    private static final Logger LOG = Logger.getLogger(Wishes.class);
    private static final URI SOURCE = URI.create("/graft/predict-service");
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    private final EventCodec codec = new EventCodec();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final PublishedModels models;
    private final StoredPictures pictures;
    private final MutinyEmitter<byte[]> answers;
    private final Semaphore turns;
    private final WishesReadiness.Stalls stalls;

    Wishes(
            PublishedModels models,
            StoredPictures pictures,
            // The turns bound what is in flight.
            @Channel("predictions-completed") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER)
                    MutinyEmitter<byte[]> answers,
            PredictConfig config,
            WishesReadiness.Stalls stalls) {
        this.models = models;
        this.pictures = pictures;
        this.answers = answers;
        this.turns = new Semaphore(config.concurrentWishes(), true);
        this.stalls = stalls;
    }

    /// Handles a record; one that throws goes to the dead letters with the reason.
    ///
    /// @throws PoisonEventException when the record is no wish
    @Incoming("predictions-requested")
    @RunOnVirtualThread
    void hear(ConsumerRecord<String, byte[]> record) throws InterruptedException {
        Envelope<?> envelope = codec.decode(RecordHeaderText.of(record.headers()), record.value());
        if (!(envelope.event() instanceof PredictionRequested wish)) {
            throw new PoisonEventException("not a wish for a prediction: " + envelope.type());
        }
        models.awaitCaughtUp();
        turns.acquire();
        try {
            answer(envelope, wish);
        } finally {
            turns.release();
        }
    }

    private void answer(Envelope<?> envelope, PredictionRequested wish) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                tell(envelope, pictures.predict(wish));
                stalls.moving(wish.requestId());
                return;
            } catch (RuntimeException e) {
                if (!PassingFaults.passes(e)) {
                    stalls.moving(wish.requestId());
                    throw e;
                }
                stalls.stalled(wish.requestId());
                LOG.warnf("Wish waits requestId=%s attempt=%d reason=%s", wish.requestId(), attempt, e);
                long pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt - 1, 10));
                if (stopping.await(pauseMillis, TimeUnit.MILLISECONDS)) {
                    throw new CancellationException("the service stops");
                }
            }
        }
    }

    private void tell(Envelope<?> wish, PredictionCompleted answer) {
        String id = UUID.nameUUIDFromBytes((wish.source() + " " + wish.id()).getBytes(StandardCharsets.UTF_8))
                .toString();
        Envelope<PredictionCompleted> envelope = new Envelope<>(id, SOURCE, Instant.now(), answer);
        Headers headers = new RecordHeaders();
        envelope.headers().forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
        OutgoingKafkaRecordMetadata<String> metadata = OutgoingKafkaRecordMetadata.<String>builder()
                .withKey(answer.partitionKey())
                .withHeaders(headers)
                .build();
        answers.sendMessage(Message.of(codec.encode(answer), Metadata.of(metadata)))
                .await()
                .indefinitely();
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        stopping.countDown();
    }
}

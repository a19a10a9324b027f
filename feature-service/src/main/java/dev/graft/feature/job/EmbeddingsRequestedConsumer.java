package dev.graft.feature.job;

import dev.graft.contracts.EmbeddingsRequested;
import dev.graft.contracts.Envelope;
import dev.graft.contracts.PoisonEventException;
import dev.graft.events.delivery.NoRoomException;
import dev.graft.jobs.TooManyJobsException;
import dev.graft.messaging.EventIntake;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/// Keeps requests that come as events. Whatever is wrong with one is published by the job's own events, not here.
///
/// While as many jobs as may be are open, requests wait, however long: a training run waits for the answer to
/// each of them, and would wait for ever for one that was parked. Readiness names this consumer meanwhile.
@ApplicationScoped
public class EmbeddingsRequestedConsumer {
    private static final String CONSUMER = "accept-embedding-jobs";

    private final EventIntake intake;
    private final JobStore jobs;

    EmbeddingsRequestedConsumer(EventIntake intake, JobStore jobs) {
        this.intake = intake;
        this.jobs = jobs;
    }

    /// Takes a batch of events.
    @Incoming("embeddings-requested")
    @Blocking
    public void consume(ConsumerRecords<String, byte[]> records) {
        intake.handle(CONSUMER, records, this::accept);
    }

    private Uni<Void> accept(Mutiny.Session session, List<Envelope<?>> events) {
        Uni<Void> work = Uni.createFrom().voidItem();
        for (Envelope<?> envelope : events) {
            if (!(envelope.event() instanceof EmbeddingsRequested request)) {
                throw new PoisonEventException("not expected on this topic: " + envelope.type());
            }
            NewJob job = new NewJob(request.jobId(), request.extractor(), request.manifestKey(), List.of());
            work = work.chain(() -> jobs.accept(session, job)).replaceWithVoid();
        }
        return work.onFailure(TooManyJobsException.class).transform(NoRoomException::new);
    }
}

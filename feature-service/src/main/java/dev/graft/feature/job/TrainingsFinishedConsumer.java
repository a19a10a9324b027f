package dev.graft.feature.job;

import dev.graft.contracts.Envelope;
import dev.graft.contracts.TrainingFinished;
import dev.graft.messaging.EventIntake;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/// Cancels the embedding job of a training run that was cancelled; the job has the run's id. It may be asked for only
/// later, because the two events travel on topics of their own: then it never begins.
@ApplicationScoped
public class TrainingsFinishedConsumer {
    private static final String CONSUMER = "cancel-embedding-jobs";

    private final EventIntake intake;
    private final JobStore jobs;

    TrainingsFinishedConsumer(EventIntake intake, JobStore jobs) {
        this.intake = intake;
        this.jobs = jobs;
    }

    /// Takes a batch of events.
    @Incoming("trainings-finished")
    @Blocking
    public void consume(ConsumerRecords<String, byte[]> records) {
        intake.handle(CONSUMER, records, this::cancel);
    }

    private Uni<Void> cancel(Mutiny.Session session, List<Envelope<?>> events) {
        Uni<Void> work = Uni.createFrom().voidItem();
        for (Envelope<?> envelope : events) {
            if (envelope.event() instanceof TrainingFinished run
                    && run.outcome() == TrainingFinished.Outcome.CANCELLED) {
                work = work.chain(() -> jobs.cancel(session, run.runId(), "The training run was cancelled."))
                        .replaceWithVoid();
            }
        }
        return work;
    }
}

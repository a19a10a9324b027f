package dev.graft.trainer.run;

import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.contracts.Envelope;
import dev.graft.jobs.Jobs;
import dev.graft.messaging.EventIntake;
import dev.graft.problem.Problem;
import dev.graft.problem.ProblemType;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/// Notes in the runs' rows how far their embeddings are, and wakes the runs whose embeddings are complete, or
/// cannot be. Jobs of others are passed over.
@ApplicationScoped
public class EmbeddingsComputedConsumer {
    private static final String CONSUMER = "follow-embedding-jobs";

    private final EventIntake intake;
    private final RunChanges changes;
    private final TrainingRuns runs;
    private final Jobs jobs;

    EmbeddingsComputedConsumer(EventIntake intake, RunChanges changes, TrainingRuns runs, Jobs jobs) {
        this.intake = intake;
        this.changes = changes;
        this.runs = runs;
        this.jobs = jobs;
    }

    /// Takes a batch of events.
    @Incoming("embeddings-computed")
    @Blocking
    public void consume(ConsumerRecords<String, byte[]> records) {
        intake.handle(CONSUMER, records, this::note);
    }

    private Uni<Void> note(Mutiny.Session session, List<Envelope<?>> events) {
        Uni<Void> work = Uni.createFrom().voidItem();
        for (Envelope<?> envelope : events) {
            if (envelope.event() instanceof EmbeddingJobAdvanced job) {
                work = work.chain(() -> note(session, job));
            }
        }
        return work;
    }

    private Uni<Void> note(Mutiny.Session session, EmbeddingJobAdvanced job) {
        return switch (job.state()) {
            case RUNNING ->
                jobs.change(session, job.jobId(), inside -> changes.embedding(inside, job))
                        .replaceWithVoid();
            case COMPLETED ->
                jobs.change(session, job.jobId(), inside -> changes.embedding(inside, job))
                        .chain(() -> jobs.wake(session, job.jobId()));
            case FAILED ->
                jobs.change(session, job.jobId(), inside -> runs.problem(inside, job.jobId(), problem(job)))
                        .chain(() -> jobs.wake(session, job.jobId()));
        };
    }

    private static Problem problem(EmbeddingJobAdvanced job) {
        return Problem.of(
                ProblemType.EMBEDDING_FAILED,
                Objects.requireNonNullElse(job.detail(), "The feature service gave no reason."));
    }
}

package dev.graft.trainer.run;

import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.contracts.Envelope;
import dev.graft.contracts.TrainingProgressed;
import dev.graft.messaging.EventIntake;
import dev.graft.messaging.Outbox;
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
import org.jspecify.annotations.Nullable;

/// Notes in the runs' rows how far their embeddings are. Jobs of others are passed over.
@ApplicationScoped
public class EmbeddingsComputedConsumer {
    private static final String CONSUMER = "follow-embedding-jobs";

    private static final String ADVANCE = """
            update training_run set state = 'EMBEDDING', done = :done, total = :total, embeddings_total = :total,
                embeddings_cached = :cached, embeddings_computed = :computed, embeddings_failed = :failed,
                extractor_digest = cast(:extractor as text), index_key = cast(:index as text),
                embedded_at = case when cast(:index as text) is null then null else now() end
            where id = :id and state in ('QUEUED', 'EMBEDDING') and index_key is null""";

    private static final String FAIL = """
            update training_run set state = 'FAILED', problem = :problem, finished_at = now()
            where id = :id and state in ('QUEUED', 'EMBEDDING') and index_key is null returning model""";

    private final EventIntake intake;
    private final Outbox outbox;
    private final RunWorker worker;

    EmbeddingsComputedConsumer(EventIntake intake, Outbox outbox, RunWorker worker) {
        this.intake = intake;
        this.outbox = outbox;
        this.worker = worker;
    }

    /// Takes a batch of events.
    @Incoming("embeddings-computed")
    @Blocking
    public void consume(ConsumerRecords<String, byte[]> records) {
        intake.handle(CONSUMER, records, this::note);
        worker.wake();
    }

    private Uni<Void> note(Mutiny.Session session, List<Envelope<?>> events) {
        Uni<Void> work = Uni.createFrom().voidItem();
        for (Envelope<?> envelope : events) {
            if (envelope.event() instanceof EmbeddingJobAdvanced job) {
                work = work.chain(() -> switch (job.state()) {
                    case RUNNING -> advance(session, job, null);
                    case COMPLETED -> advance(session, job, Objects.requireNonNull(job.indexKey()));
                    case FAILED -> fail(session, job);
                });
            }
        }
        return work;
    }

    private Uni<Void> advance(Mutiny.Session session, EmbeddingJobAdvanced job, @Nullable String indexKey) {
        long done = job.cached() + job.computed() + job.failed();
        return session.createNativeQuery(ADVANCE)
                .setParameter("done", done)
                .setParameter("total", job.total())
                .setParameter("cached", job.cached())
                .setParameter("computed", job.computed())
                .setParameter("failed", job.failed())
                .setParameter("extractor", job.extractorDigest())
                .setParameter("index", indexKey)
                .setParameter("id", job.jobId())
                .executeUpdate()
                .chain(rows -> rows == 0
                        ? Uni.createFrom().voidItem()
                        : outbox.append(
                                session,
                                new TrainingProgressed(
                                        job.jobId(),
                                        TrainingProgressed.Phase.EMBEDDING,
                                        done,
                                        job.total(),
                                        null,
                                        null)));
    }

    private Uni<Void> fail(Mutiny.Session session, EmbeddingJobAdvanced job) {
        Problem problem = Problem.of(
                ProblemType.EMBEDDING_FAILED,
                Objects.requireNonNullElse(job.detail(), "The feature service gave no reason."));
        return session.createNativeQuery(FAIL, String.class)
                .setParameter("problem", TrainingRun.write(problem))
                .setParameter("id", job.jobId())
                .getResultList()
                .chain(models -> models.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : outbox.append(session, RunStore.failed(job.jobId(), models.getFirst(), problem)));
    }
}

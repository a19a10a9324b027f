package dev.graft.ingest.imports;

import dev.graft.ingest.IngestConfig;
import dev.graft.ingest.dataset.Dataset;
import dev.graft.ingest.imports.ImportJob.State;
import dev.graft.jobs.Attempt;
import dev.graft.jobs.Jobs;
import dev.graft.jobs.NewJob;
import dev.graft.jobs.TooManyJobsException;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.hibernate.reactive.mutiny.Mutiny;

/// Keeps the imports' rows; who works on one is kept by the kit for durable work. Every method works in the
/// caller's transaction.
@Singleton
class ImportJobs {
    static final String KIND = "import";
    private static final int MAX_SWEPT = 100;

    private final Jobs jobs;
    private final IngestConfig config;

    ImportJobs(Jobs jobs, IngestConfig config) {
        this.jobs = jobs;
        this.config = config;
    }

    /// Gives an import with its dataset.
    ///
    /// @throws ProblemException (by the result) when there is none
    Uni<ImportJob> get(Mutiny.Session session, UUID importId) {
        return session.createSelectionQuery("from ImportJob j join fetch j.dataset where j.id = :id", ImportJob.class)
                .setParameter("id", importId)
                .getSingleResultOrNull()
                .onItem()
                .ifNull()
                .failWith(() -> new ProblemException(
                        ProblemType.IMPORT_NOT_FOUND, "There is no import %s.".formatted(importId)));
    }

    /// Changes an import, whose job the caller has locked.
    Uni<Void> change(Mutiny.Session session, UUID importId, Consumer<ImportJob> change) {
        return get(session, importId).invoke(change).chain(session::flush);
    }

    /// Records an import whose archive is still on its way into object storage; one that is recorded stays as
    /// it is. The statement is native for its `on conflict`: the same request may come twice at once.
    ///
    /// @throws ProblemException (by the result) when as many as may be are open
    Uni<Void> create(Mutiny.Session session, UUID importId, Dataset dataset) {
        return session.createNativeQuery("""
                        insert into import_job (id, dataset_id, state) values (:id, :dataset, 'UPLOADING')
                        on conflict do nothing""")
                .setParameter("id", importId)
                .setParameter("dataset", dataset.id())
                .executeUpdate()
                .chain(rows -> rows == 0
                        ? Uni.createFrom().voidItem()
                        : jobs.enqueue(session, new NewJob(importId.toString(), KIND, dataset.name(), false))
                                .replaceWithVoid())
                .onFailure(TooManyJobsException.class)
                .transform(full -> new ProblemException(
                        ProblemType.TOO_BUSY,
                        "%,d imports are open, which is as many as may be. Try again when some have ended."
                                .formatted(((TooManyJobsException) full).maxOpen())));
    }

    /// Says whether the archive of an import never arrived.
    Uni<Boolean> isUploading(Mutiny.Session session, UUID importId) {
        return session.find(ImportJob.class, importId).map(job -> job != null && job.state == State.UPLOADING);
    }

    /// Lets workers have an import: its archive arrived.
    Uni<Void> enqueue(Mutiny.Session session, UUID importId) {
        return session.createMutationQuery("""
                        update ImportJob set state = :queued, createdAt = :now
                        where id = :id and state = :uploading""")
                .setParameter("queued", State.QUEUED)
                .setParameter("now", Instant.now())
                .setParameter("id", importId)
                .setParameter("uploading", State.UPLOADING)
                .executeUpdate()
                .chain(() -> jobs.wake(session, importId.toString()));
    }

    /// Gives what an attempt has to do.
    Uni<ImportWork> work(Mutiny.Session session, Attempt attempt) {
        UUID importId = UUID.fromString(attempt.jobId());
        return get(session, importId).map(job -> new ImportWork(attempt, importId, job.dataset(), job.nextOrdinal()));
    }

    /// Counts the files of an import that were refused because the import ended at them again and again.
    Uni<Long> uncheckable(Mutiny.Session session, UUID importId) {
        return session.find(
                        ImportFinding.class,
                        new ImportFinding.Key(
                                importId, ProblemType.IMAGE_UNCHECKABLE.uri().toString()))
                .map(finding -> finding == null ? 0 : finding.files());
    }

    /// Gives the imports that ended longer ago than an upload takes, whose archives are not known to be gone.
    Uni<List<UUID>> withNeedlessArchive(Mutiny.Session session) {
        return session.createSelectionQuery("""
                        select id from ImportJob
                        where archivePresent = true and state in (SUCCEEDED, FAILED) and finishedAt < :before""", UUID.class)
                .setParameter("before", uploadsBegan())
                .setMaxResults(MAX_SWEPT)
                .getResultList();
    }

    /// Records that the archive of an import is gone.
    Uni<Void> forgetArchive(Mutiny.Session session, UUID importId) {
        return session.createMutationQuery("update ImportJob set archivePresent = false where id = :id")
                .setParameter("id", importId)
                .executeUpdate()
                .replaceWithVoid();
    }

    /// Ends the imports whose archives never arrived.
    Uni<Void> expireUploads(Mutiny.Session session) {
        return session.createSelectionQuery("""
                        select id from ImportJob
                        where archivePresent = true and state = UPLOADING and createdAt < :before""", UUID.class)
                .setParameter("before", uploadsBegan())
                .setMaxResults(MAX_SWEPT)
                .getResultList()
                .chain(ids -> Multi.createFrom()
                        .iterable(ids)
                        .onItem()
                        .transformToUniAndConcatenate(id -> jobs.cancel(
                                session, id.toString(), "The archive did not arrive completely. Send it again."))
                        .collect()
                        .last())
                .replaceWithVoid();
    }

    /// Gives when the oldest upload that may still go on began.
    private Instant uploadsBegan() {
        return Instant.now().minus(config.imports().uploadTimeout());
    }
}

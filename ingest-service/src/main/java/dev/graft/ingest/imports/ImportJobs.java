package dev.graft.ingest.imports;

import dev.graft.ingest.IngestConfig;
import dev.graft.ingest.dataset.Dataset;
import dev.graft.jobs.Attempt;
import dev.graft.jobs.Jobs;
import dev.graft.jobs.NewJob;
import dev.graft.jobs.TooManyJobsException;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/// Keeps the imports' rows; who works on one is kept by the kit for durable work. Every method works in the caller's
/// transaction.
@Singleton
class ImportJobs {
    static final String KIND = "import";

    private final Jobs jobs;
    private final IngestConfig config;

    ImportJobs(Jobs jobs, IngestConfig config) {
        this.jobs = jobs;
        this.config = config;
    }

    /// Records an import whose archive is still on its way into object storage; one that is recorded stays as it is.
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

    /// Tells whether the archive of an import never arrived.
    Uni<Boolean> isUploading(Mutiny.Session session, UUID importId) {
        return session.createNativeQuery(
                        "select count(*) from import_job where id = :id and state = 'UPLOADING'", Long.class)
                .setParameter("id", importId)
                .getSingleResult()
                .map(count -> count == 1);
    }

    /// Lets workers have an import: its archive arrived.
    Uni<Void> enqueue(Mutiny.Session session, UUID importId) {
        return session.createNativeQuery("""
                        update import_job set state = 'QUEUED', created_at = now()
                        where id = :id and state = 'UPLOADING'""")
                .setParameter("id", importId)
                .executeUpdate()
                .chain(() -> jobs.wake(session, importId.toString()));
    }

    /// Gives what an attempt has to do.
    Uni<ImportWork> work(Mutiny.Session session, Attempt attempt) {
        UUID importId = UUID.fromString(attempt.jobId());
        return session.createNativeQuery("""
                        select d.id, d.name, j.next_ordinal
                        from import_job j join dataset d on d.id = j.dataset_id where j.id = :id""", Object[].class)
                .setParameter("id", importId)
                .getSingleResult()
                .map(row -> new ImportWork(
                        attempt, importId, new Dataset(number(row[0]), (String) row[1]), number(row[2])));
    }

    /// Notes that a worker has an import.
    Uni<Void> begin(Mutiny.Session session, UUID importId) {
        return session.createNativeQuery("""
                        update import_job set state = 'RUNNING', started_at = coalesce(started_at, now())
                        where id = :id""")
                .setParameter("id", importId)
                .executeUpdate()
                .replaceWithVoid();
    }

    /// Records how many files there are.
    Uni<Void> plan(Mutiny.Session session, UUID importId, long total) {
        return session.createNativeQuery("update import_job set total = :total where id = :id")
                .setParameter("total", total)
                .setParameter("id", importId)
                .executeUpdate()
                .replaceWithVoid();
    }

    /// Tells which file is next.
    Uni<Long> position(Mutiny.Session session, UUID importId) {
        return session.createNativeQuery("select next_ordinal from import_job where id = :id", Long.class)
                .setParameter("id", importId)
                .getSingleResult();
    }

    /// Moves an import past a chunk of files.
    Uni<Void> advance(Mutiny.Session session, UUID importId, Tally tally) {
        return session.createNativeQuery("""
                        update import_job set next_ordinal = next_ordinal + :files, accepted = accepted + :accepted,
                            duplicates = duplicates + :duplicates, rejected = rejected + :rejected
                        where id = :id""")
                .setParameter("files", tally.files())
                .setParameter("accepted", tally.accepted())
                .setParameter("duplicates", tally.duplicates())
                .setParameter("rejected", tally.rejected())
                .setParameter("id", importId)
                .executeUpdate()
                .replaceWithVoid();
    }

    /// Counts what became of a chunk of files.
    record Tally(long accepted, long duplicates, long rejected) {
        long files() {
            return accepted + duplicates + rejected;
        }
    }

    /// Ends an import well, or, when none of its files is in the dataset now, badly.
    Uni<Void> complete(Mutiny.Session session, UUID importId, String classesJson) {
        return session.createNativeQuery("""
                        update import_job set
                            state = case when accepted + duplicates > 0 then 'SUCCEEDED' else 'FAILED' end,
                            detail = case when accepted + duplicates > 0 then null
                                when rejected > 0
                                    then 'The archive holds no picture that can be used: every file was rejected.'
                                else 'The archive holds no pictures.' end,
                            classes = :classes, finished_at = now()
                        where id = :id""")
                .setParameter("classes", classesJson)
                .setParameter("id", importId)
                .executeUpdate()
                .replaceWithVoid();
    }

    /// Ends an import badly.
    Uni<Void> fail(Mutiny.Session session, UUID importId, String detail) {
        return session.createNativeQuery("""
                        update import_job set state = 'FAILED', detail = :detail, finished_at = now() where id = :id""")
                .setParameter("detail", detail)
                .setParameter("id", importId)
                .executeUpdate()
                .replaceWithVoid();
    }

    /// Gives the imports that ended longer ago than an upload takes, whose archives are not known to be gone.
    Uni<List<UUID>> withNeedlessArchive(Mutiny.Session session) {
        return session.createNativeQuery("""
                        select cast(id as text) from import_job
                        where archive_present and state in ('SUCCEEDED', 'FAILED')
                            and finished_at < now() - cast(:seconds as double precision) * interval '1 second'
                        limit 100""", String.class)
                .setParameter("seconds", seconds(config.imports().uploadTimeout()))
                .getResultList()
                .map(ids -> ids.stream().map(UUID::fromString).toList());
    }

    /// Records that the archive of an import is gone.
    Uni<Void> forgetArchive(Mutiny.Session session, UUID importId) {
        return session.createNativeQuery("update import_job set archive_present = false where id = :id")
                .setParameter("id", importId)
                .executeUpdate()
                .replaceWithVoid();
    }

    /// Ends the imports whose archives never arrived.
    Uni<Void> expireUploads(Mutiny.Session session) {
        return session.createNativeQuery("""
                        select cast(id as text) from import_job
                        where archive_present and state = 'UPLOADING'
                            and created_at < now() - cast(:seconds as double precision) * interval '1 second'
                        limit 100""", String.class)
                .setParameter("seconds", seconds(config.imports().uploadTimeout()))
                .getResultList()
                .chain(ids -> Multi.createFrom()
                        .iterable(ids)
                        .onItem()
                        .transformToUniAndConcatenate(
                                id -> jobs.cancel(session, id, "The archive did not arrive completely. Send it again."))
                        .collect()
                        .last())
                .replaceWithVoid();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}

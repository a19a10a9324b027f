package dev.graft.ingest.imports;

import dev.graft.ingest.IngestConfig;
import dev.graft.ingest.dataset.Dataset;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/// Keeps the jobs' rows. Every method works in the caller's transaction.
@Singleton
class ImportJobs {
    private static final String SECONDS = " + cast(:seconds as double precision) * interval '1 second'";

    private final IngestConfig config;

    ImportJobs(IngestConfig config) {
        this.config = config;
    }

    /// Records an import whose archive is still on its way into object storage; one that is recorded stays as it is.
    Uni<Void> create(Mutiny.Session session, UUID importId, Dataset dataset) {
        return session.createNativeQuery("""
                        insert into import_job (id, dataset_id, state) values (:id, :dataset, 'UPLOADING')
                        on conflict do nothing""")
                .setParameter("id", importId)
                .setParameter("dataset", dataset.id())
                .executeUpdate()
                .replaceWithVoid();
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
                .replaceWithVoid();
    }

    /// Takes the oldest job that is free, or whose worker was not heard of for too long.
    Uni<Optional<ImportClaim>> claim(Mutiny.Session session) {
        return session.createNativeQuery("""
                        update import_job j
                        set state = 'RUNNING', fencing_token = fencing_token + 1,
                            started_at = coalesce(started_at, now()), lease_until = now()%s
                        from dataset d
                        where d.id = j.dataset_id and j.id = (
                            select id from import_job
                            where archive_present and state in ('QUEUED', 'RUNNING') and lease_until <= now()
                            order by created_at limit 1
                            for update skip locked)
                        returning cast(j.id as text), d.id, d.name, j.fencing_token, j.next_ordinal, j.failures
                        """.formatted(SECONDS), Object[].class)
                .setParameter("seconds", seconds(config.imports().lease()))
                .getResultList()
                .map(rows -> rows.stream().findFirst().map(ImportJobs::claim));
    }

    private static ImportClaim claim(Object[] row) {
        return new ImportClaim(
                UUID.fromString((String) row[0]),
                new Dataset(number(row[1]), (String) row[2]),
                number(row[3]),
                number(row[4]),
                (int) number(row[5]));
    }

    /// Keeps the job for another lease.
    ///
    /// @throws LeaseLostException (by the result) when it is another's
    Uni<Void> renew(Mutiny.Session session, ImportClaim claim) {
        return fenced(owned(session, "lease_until = now()" + SECONDS, claim)
                .setParameter("seconds", seconds(config.imports().lease())));
    }

    /// Records how many files there are.
    ///
    /// @throws LeaseLostException (by the result) when the job is another's
    Uni<Void> plan(Mutiny.Session session, ImportClaim claim, long total) {
        return fenced(owned(session, "total = :total", claim).setParameter("total", total));
    }

    /// Locks the job until the transaction ends, and tells which file is next.
    ///
    /// @throws LeaseLostException (by the result) when the job is another's
    Uni<Long> position(Mutiny.Session session, ImportClaim claim) {
        return session.createNativeQuery("""
                        select next_ordinal from import_job
                        where id = :id and fencing_token = :token and state = 'RUNNING' for update""", Long.class)
                .setParameter("id", claim.importId())
                .setParameter("token", claim.token())
                .getResultList()
                .map(found -> found.stream().findFirst().orElseThrow(LeaseLostException::new));
    }

    /// Moves the job past a chunk of files.
    ///
    /// @throws LeaseLostException (by the result) when the job is another's
    Uni<Void> advance(Mutiny.Session session, ImportClaim claim, Tally tally) {
        String assignments = """
                next_ordinal = next_ordinal + :files, accepted = accepted + :accepted,
                duplicates = duplicates + :duplicates, rejected = rejected + :rejected, failures = 0,
                lease_until = now()""" + SECONDS;
        return fenced(owned(session, assignments, claim)
                .setParameter("files", tally.files())
                .setParameter("accepted", tally.accepted())
                .setParameter("duplicates", tally.duplicates())
                .setParameter("rejected", tally.rejected())
                .setParameter("seconds", seconds(config.imports().lease())));
    }

    /// Counts what became of a chunk of files.
    record Tally(long accepted, long duplicates, long rejected) {
        long files() {
            return accepted + duplicates + rejected;
        }
    }

    /// Ends the job well, or, when none of its files is in the dataset now, badly.
    ///
    /// @throws LeaseLostException (by the result) when the job is another's
    Uni<Void> complete(Mutiny.Session session, ImportClaim claim, String classesJson) {
        String assignments = """
                state = case when accepted + duplicates > 0 then 'SUCCEEDED' else 'FAILED' end,
                detail = case when accepted + duplicates > 0 then null
                    when rejected > 0 then 'The archive holds no picture that can be used: every file was rejected.'
                    else 'The archive holds no pictures.' end,
                classes = :classes, finished_at = now()""";
        return fenced(owned(session, assignments, claim).setParameter("classes", classesJson));
    }

    /// Ends the job badly.
    ///
    /// @throws LeaseLostException (by the result) when the job is another's
    Uni<Void> fail(Mutiny.Session session, ImportClaim claim, String detail) {
        return fenced(owned(session, "state = 'FAILED', detail = :detail, finished_at = now()", claim)
                .setParameter("detail", detail));
    }

    /// Gives the job back for another try after a pause.
    ///
    /// @param counted whether the failure counts against the job, because no backend is to blame
    /// @throws LeaseLostException (by the result) when the job is another's
    Uni<Void> release(Mutiny.Session session, ImportClaim claim, Duration pause, boolean counted) {
        String assignments = "failures = failures + :failures, lease_until = now()" + SECONDS;
        return fenced(owned(session, assignments, claim)
                .setParameter("failures", counted ? 1 : 0)
                .setParameter("seconds", seconds(pause)));
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
    Uni<Integer> expireUploads(Mutiny.Session session) {
        return session.createNativeQuery("""
                        update import_job set state = 'FAILED', finished_at = now(),
                            detail = 'The archive did not arrive completely. Send it again.'
                        where archive_present and state = 'UPLOADING'
                            and created_at < now() - cast(:seconds as double precision) * interval '1 second'""")
                .setParameter("seconds", seconds(config.imports().uploadTimeout()))
                .executeUpdate();
    }

    private static Mutiny.MutationQuery owned(Mutiny.Session session, String assignments, ImportClaim claim) {
        return session.createNativeQuery("update import_job set " + assignments
                        + " where id = :id and fencing_token = :token and state = 'RUNNING'")
                .setParameter("id", claim.importId())
                .setParameter("token", claim.token());
    }

    private static Uni<Void> fenced(Mutiny.MutationQuery update) {
        return update.executeUpdate()
                .invoke(rows -> {
                    if (rows != 1) {
                        throw new LeaseLostException();
                    }
                })
                .replaceWithVoid();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}

package dev.graft.jobs;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Reads and changes the kit's rows. Every method works in the caller's transaction.
@ApplicationScoped
class JobRows {
    /// What was changed or cancelled.
    record Changed(String kind, long revision) {}

    Uni<Boolean> insert(Mutiny.Session session, NewJob job) {
        return session.createNativeQuery(JobStatements.INSERT)
                .setParameter("id", job.id())
                .setParameter("kind", job.kind())
                .setParameter("owner", job.owner())
                .setParameter("due", job.due())
                .executeUpdate()
                .map(rows -> rows == 1);
    }

    Uni<Long> open(Mutiny.Session session, String kind, int limit) {
        return session.createNativeQuery(JobStatements.OPEN, Long.class)
                .setParameter("kind", kind)
                .setParameter("limit", limit)
                .getSingleResult();
    }

    Uni<Optional<Claim>> claim(Mutiny.Session session, JobKind kind, String worker) {
        return session.createNativeQuery(JobStatements.CLAIM, Object[].class)
                .setParameter("kind", kind.name())
                .setParameter("worker", worker)
                .setParameter("millis", kind.lease().toMillis())
                .getResultList()
                .map(rows -> rows.stream().findFirst().map(JobRows::claimed));
    }

    private static Claim claimed(Object[] row) {
        return new Claim((String) row[0], (String) row[1], number(row[2]), (int) number(row[3]), (int) number(row[4]));
    }

    /// @return those of the leases that are still held
    Uni<List<Claim.Fence>> renew(Mutiny.Session session, List<Claim.Fence> leases, Duration lease) {
        return held(
                session.createNativeQuery(JobStatements.RENEW, Object[].class).setParameter("millis", lease.toMillis()),
                leases);
    }

    /// @return those of the leases that are still held
    Uni<List<Claim.Fence>> live(Mutiny.Session session, List<Claim.Fence> leases) {
        return held(session.createNativeQuery(JobStatements.LIVE, Object[].class), leases);
    }

    private static Uni<List<Claim.Fence>> held(Mutiny.SelectionQuery<Object[]> query, List<Claim.Fence> leases) {
        return query.setParameter("ids", leases.stream().map(Claim.Fence::jobId).toArray(String[]::new))
                .setParameter("tokens", leases.stream().map(Claim.Fence::token).toArray(Long[]::new))
                .getResultList()
                .map(rows -> rows.stream()
                        .map(row -> new Claim.Fence((String) row[0], number(row[1])))
                        .toList());
    }

    /// @return the revision; empty when the lease is lost
    Uni<Optional<Long>> write(
            Mutiny.Session session, Claim.Fence fence, Duration lease, boolean news, boolean further) {
        return revision(fenced(session, JobStatements.WRITE, fence)
                .setParameter("millis", lease.toMillis())
                .setParameter("news", news ? 1 : 0)
                .setParameter("further", further));
    }

    /// @return the revision; empty when the lease is lost
    Uni<Optional<Long>> end(Mutiny.Session session, Claim.Fence fence, String state, @Nullable String reason) {
        return revision(fenced(session, JobStatements.END, fence)
                .setParameter("state", state)
                .setParameter("reason", reason));
    }

    /// @return the revision; empty when the lease is lost
    Uni<Optional<Long>> park(Mutiny.Session session, Claim.Fence fence) {
        return revision(fenced(session, JobStatements.PARK, fence));
    }

    /// @return the revision; empty when the lease is lost
    Uni<Optional<Long>> release(Mutiny.Session session, Claim.Fence fence, Duration pause, boolean counted) {
        return revision(fenced(session, JobStatements.RELEASE, fence)
                .setParameter("millis", pause.toMillis())
                .setParameter("counted", counted));
    }

    private static Mutiny.SelectionQuery<Long> fenced(Mutiny.Session session, String sql, Claim.Fence fence) {
        return session.createNativeQuery(sql, Long.class)
                .setParameter("id", fence.jobId())
                .setParameter("token", fence.token());
    }

    private static Uni<Optional<Long>> revision(Mutiny.SelectionQuery<Long> query) {
        return query.getResultList().map(rows -> rows.stream().findFirst());
    }

    Uni<Void> wake(Mutiny.Session session, String jobId) {
        return session.createNativeQuery(JobStatements.WAKE)
                .setParameter("id", jobId)
                .executeUpdate()
                .replaceWithVoid();
    }

    Uni<Optional<Changed>> change(Mutiny.Session session, String jobId) {
        return session.createNativeQuery(JobStatements.CHANGE, Object[].class)
                .setParameter("id", jobId)
                .getResultList()
                .map(rows -> rows.stream().findFirst().map(row -> new Changed((String) row[0], number(row[1]))));
    }

    Uni<Optional<Changed>> cancel(Mutiny.Session session, String jobId, String reason) {
        return session.createNativeQuery(JobStatements.CANCEL, Object[].class)
                .setParameter("id", jobId)
                .setParameter("reason", reason)
                .getResultList()
                .map(rows -> rows.stream().findFirst().map(row -> new Changed((String) row[0], number(row[1]))));
    }

    Uni<Void> publish(Mutiny.Session session, String jobId, long revision, boolean ended, String body) {
        return session.createNativeQuery(JobStatements.PUBLISH)
                .setParameter("id", jobId)
                .setParameter("revision", revision)
                .setParameter("ended", ended)
                .setParameter("body", body)
                .executeUpdate()
                .replaceWithVoid();
    }

    Uni<Void> publishLast(Mutiny.Session session, String jobId, long revision, boolean ended) {
        return session.createNativeQuery(JobStatements.PUBLISH_LAST)
                .setParameter("id", jobId)
                .setParameter("revision", revision)
                .setParameter("ended", ended)
                .executeUpdate()
                .replaceWithVoid();
    }

    static long number(Object value) {
        return ((Number) value).longValue();
    }
}

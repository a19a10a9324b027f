package dev.graft.feature.queue;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/// Reads and changes the rows of the queue. Every method works in the caller's transaction; lists have some
/// thousand images at most.
@Singleton
public class PendingImages {
    /// The source of the images that are computed in advance.
    private static final String IN_ADVANCE = "*";

    PendingImages() {}

    /// Whose images are claimed next.
    ///
    /// @param name      a job's id, or `*`
    /// @param dimension length of the extractor's vectors
    record Source(String name, int extractorId, int dimension) {}

    /// Images at which an attempt broke off.
    ///
    /// @param attempts how often they were claimed and not committed
    /// @param faults   how many of the attempts ended by a fault that was seen
    record Suspects(int extractorId, int attempts, int faults) {}

    Uni<Integer> insert(Mutiny.Session session, int extractorId, Collection<String> imageIds, boolean urgent) {
        return session.createNativeQuery(QueueSql.ENQUEUE)
                .setParameter("extractor", extractorId)
                .setParameter("urgent", urgent)
                .setParameter("images", imageIds.toArray(String[]::new))
                .executeUpdate();
    }

    /// Forgets the failures that another try may mend.
    public Uni<Integer> forgetMendable(Mutiny.Session session, int extractorId, Collection<String> imageIds) {
        return session.createNativeQuery(QueueSql.FORGET_MENDABLE)
                .setParameter("extractor", extractorId)
                .setParameter("images", imageIds.toArray(String[]::new))
                .executeUpdate();
    }

    /// Takes the images of a claim out of the queue. The claim is the fence of the caller's transaction.
    ///
    /// @return false when the claim was lost, and nothing was changed
    public Uni<Boolean> settle(Mutiny.Session session, Claim claim) {
        return session.createNativeQuery(QueueSql.DELETE_CLAIM)
                .setParameter("claim", claim.id().toString())
                .executeUpdate()
                .chain(rows -> rows == 0
                        ? Uni.createFrom().item(false)
                        : session.createMutationQuery("delete from PendingImage where claimId = :claim")
                                .setParameter("claim", claim.id())
                                .executeUpdate()
                                .replaceWith(true));
    }

    Uni<Optional<Source>> nextSource(Mutiny.Session session) {
        return session.createNativeQuery(QueueSql.NEXT_SOURCE, Object[].class)
                .getResultList()
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(row -> new Source((String) row[0], (Integer) row[1], (Integer) row[2])));
    }

    Uni<Optional<Integer>> firstUrgentExtractor(Mutiny.Session session) {
        return first(session.createSelectionQuery("""
                        select p.extractorId from PendingImage p
                        where p.claimId is null and p.attempts = 0 and p.urgent order by p.position""", Integer.class).setMaxResults(1));
    }

    Uni<Optional<Suspects>> firstSuspects(Mutiny.Session session) {
        return first(session.createSelectionQuery("""
                        select p.extractorId, p.attempts, p.faults from PendingImage p
                        where p.claimId is null and p.attempts > 0
                        order by p.attempts desc, p.position""", Suspects.class).setMaxResults(1));
    }

    private static <T> Uni<Optional<T>> first(Mutiny.SelectionQuery<T> query) {
        return query.getResultList().map(rows -> rows.stream().findFirst());
    }

    /// Claims images of a source, whose turn is over then.
    ///
    /// @return the images, in the order in which they came; empty when another worker has them by now
    Uni<List<String>> claim(Mutiny.Session session, Source source, UUID claimId, long limit) {
        boolean inAdvance = source.name().equals(IN_ADVANCE);
        Mutiny.SelectionQuery<String> claiming = inAdvance
                ? claiming(session, QueueSql.CLAIM_IN_ADVANCE, claimId, limit)
                        .setParameter("extractor", source.extractorId())
                : claiming(session, QueueSql.CLAIM_OF_JOB, claimId, limit).setParameter("source", source.name());
        return session.createNativeQuery(QueueSql.TAKE_TURN)
                .setParameter("source", source.name())
                .executeUpdate()
                .chain(claiming::getResultList);
    }

    Uni<List<String>> claimUrgent(Mutiny.Session session, int extractorId, UUID claimId, long limit) {
        return claiming(session, QueueSql.CLAIM_URGENT, claimId, limit)
                .setParameter("extractor", extractorId)
                .getResultList();
    }

    Uni<List<String>> claimSuspects(Mutiny.Session session, Suspects suspects, UUID claimId, long limit) {
        return claiming(session, QueueSql.CLAIM_SUSPECT, claimId, limit)
                .setParameter("extractor", suspects.extractorId())
                .setParameter("attempts", suspects.attempts())
                .setParameter("faults", suspects.faults())
                .getResultList();
    }

    private static Mutiny.SelectionQuery<String> claiming(
            Mutiny.Session session, String statement, UUID claimId, long limit) {
        return session.createNativeQuery(statement, String.class)
                .setParameter("claim", claimId.toString())
                .setParameter("limit", limit);
    }

    Uni<Integer> insertClaim(Mutiny.Session session, UUID claimId, String worker, Duration lease) {
        return session.createNativeQuery(QueueSql.INSERT_CLAIM)
                .setParameter("claim", claimId.toString())
                .setParameter("worker", worker)
                .setParameter("lease", lease.toMillis())
                .executeUpdate();
    }

    /// @return the claims that were prolonged; one that was taken away stays away
    Uni<List<UUID>> renew(Mutiny.Session session, Collection<UUID> claimIds, Duration lease) {
        return session.createNativeQuery(QueueSql.RENEW, String.class)
                .setParameter("lease", lease.toMillis())
                .setParameter("claims", claimIds.stream().map(UUID::toString).toArray(String[]::new))
                .getResultList()
                .map(renewed -> renewed.stream().map(UUID::fromString).toList());
    }

    /// @return the claims that hold an image which nobody wants any more
    Uni<List<UUID>> unwanted(Mutiny.Session session, Collection<UUID> claimIds) {
        return session.createNativeQuery(QueueSql.UNWANTED, String.class)
                .setParameter("claims", claimIds.stream().map(UUID::toString).toArray(String[]::new))
                .getResultList()
                .map(found -> found.stream().map(UUID::fromString).toList());
    }

    /// @param counted whether the attempt counts, as a fault
    Uni<Integer> release(Mutiny.Session session, UUID claimId, boolean counted) {
        return session.createNativeQuery(QueueSql.RELEASE)
                .setParameter("claim", claimId.toString())
                .setParameter("counted", counted)
                .executeUpdate();
    }

    /// @return how many images were handed back
    Uni<Integer> releaseExpired(Mutiny.Session session) {
        return session.createNativeQuery(QueueSql.RELEASE_EXPIRED).executeUpdate();
    }

    /// Counts the free images up to a bound, and those that workers hold, and looks how old the oldest is.
    Uni<QueueDepth> depth(Mutiny.Session session, long bound) {
        return session.createNativeQuery(QueueSql.DEPTH, Object[].class)
                .setParameter("bound", bound)
                .getSingleResult()
                .map(row -> new QueueDepth((Long) row[0], (Long) row[1], (Double) row[2]));
    }
}

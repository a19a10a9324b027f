package dev.graft.feature.queue;

import dev.graft.feature.EmbeddingConfig;
import dev.graft.jobs.JobKind;
import dev.graft.jobs.thread.Signal;
import dev.graft.messaging.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/// Queues pictures for workers. Any number of replicas may use one queue: no picture is leased to two at a time.
///
/// All methods block and are safe for many threads.
@ApplicationScoped
public class PictureQueue {
    private static final Logger LOG = Logger.getLogger(PictureQueue.class);

    /// Pictures that come with few others are computed at once.
    private static final int MAX_URGENT = 16;

    /// How many pictures are taken together when the process ended that had them first; the second time each is alone.
    private static final int SUSPECTS = 16;

    private static final int MAX_GIVEN_UP = 256;
    private static final long COUNTED = 100_000;
    private static final String ANNOUNCED = "*";

    private final Transactions transactions;
    private final EmbeddingConfig config;
    private final Signal arrivals = new Signal();
    private final Signal urgentArrivals = new Signal();

    /// Makes the queue over the service's database.
    public PictureQueue(Transactions transactions, EmbeddingConfig config) {
        this.transactions = transactions;
        this.config = config;
    }

    /// Gives the signal that is raised when pictures became free in this process.
    public Signal arrivals() {
        return arrivals;
    }

    /// Gives the signal that is raised when pictures came that are to be computed at once.
    public Signal urgentArrivals() {
        return urgentArrivals;
    }

    /// Says that pictures may have come.
    public void arrived() {
        arrivals.raise();
        urgentArrivals.raise();
    }

    /// Queues pictures for an extractor, ahead of any request, within the caller's transaction; those that are computed
    /// or cannot be decoded are left out. Few together are urgent: they come before what waits. The caller calls
    /// [#arrived] after the commit.
    ///
    /// @param imageIds at most some thousand
    /// @return how many were added
    public Uni<Integer> enqueue(Mutiny.Session session, int extractorId, Collection<String> imageIds) {
        if (imageIds.isEmpty()) {
            return Uni.createFrom().item(0);
        }
        return ExtractorLock.exclusive(session, extractorId)
                .chain(() -> forgetMendable(session, extractorId, imageIds))
                .chain(() -> session.createNativeQuery(QueueSql.ENQUEUE)
                        .setParameter("extractor", extractorId)
                        .setParameter("urgent", imageIds.size() <= MAX_URGENT)
                        .setParameter("images", imageIds.toArray(String[]::new))
                        .executeUpdate());
    }

    /// Forgets the failures that another try may mend, within the caller's transaction.
    ///
    /// @param imageIds at most some thousand
    public static Uni<Integer> forgetMendable(Mutiny.Session session, int extractorId, Collection<String> imageIds) {
        return session.createNativeQuery(QueueSql.FORGET_MENDABLE)
                .setParameter("extractor", extractorId)
                .setParameter("images", imageIds.toArray(String[]::new))
                .executeUpdate();
    }

    /// Leases the next pictures of the source whose turn it is; empty when none is free.
    ///
    /// @param limit the most pictures; fewer when their vectors would pass the largest size of a segment
    public Optional<Claim> claim(String worker, int limit) {
        return transactions.call(session -> session.createNativeQuery(QueueSql.NEXT_SOURCE, Object[].class)
                .getResultList()
                .chain(sources -> sources.isEmpty()
                        ? Uni.createFrom().item(Optional.empty())
                        : claim(session, worker, limit, sources.getFirst())));
    }

    private Uni<Optional<Claim>> claim(Mutiny.Session session, String worker, int limit, Object[] source) {
        String name = (String) source[0];
        int extractorId = ((Number) source[1]).intValue();
        long segmentPictures =
                Math.max(1, config.maxSegmentSize().asLongValue() / (4L * ((Number) source[2]).longValue()));
        boolean announced = name.equals(ANNOUNCED);
        Mutiny.SelectionQuery<Object[]> query = session.createNativeQuery(
                        announced ? QueueSql.CLAIM_IN_ADVANCE : QueueSql.CLAIM_OF_JOB, Object[].class)
                .setParameter("limit", Math.min(limit, segmentPictures));
        return session.createNativeQuery(QueueSql.TAKE_TURN)
                .setParameter("source", name)
                .executeUpdate()
                .chain(() -> hold(
                        session,
                        announced ? query.setParameter("extractor", extractorId) : query.setParameter("source", name),
                        worker,
                        extractorId,
                        Claim.Reason.NEXT));
    }

    /// Leases pictures that came alone; empty when there are none.
    ///
    /// @param limit the most pictures
    public Optional<Claim> claimUrgent(String worker, int limit) {
        return transactions.call(session -> session.createNativeQuery(QueueSql.FIRST_URGENT, Integer.class)
                .getResultList()
                .chain(extractors -> extractors.isEmpty()
                        ? Uni.createFrom().item(Optional.empty())
                        : hold(
                                session,
                                session.createNativeQuery(QueueSql.CLAIM_URGENT, Object[].class)
                                        .setParameter("extractor", extractors.getFirst())
                                        .setParameter("limit", (long) limit),
                                worker,
                                extractors.getFirst(),
                                Claim.Reason.URGENT)));
    }

    /// Tells whether there are pictures whose worker's process ended.
    public boolean hasSuspects() {
        return !transactions
                .<List<Object[]>>call(session -> session.createNativeQuery(QueueSql.FIRST_SUSPECT, Object[].class)
                        .getResultList())
                .isEmpty();
    }

    /// Leases pictures whose worker's process ended: some together the first time, one alone the second time, and for
    /// giving up those that ended it once more. Whoever calls this computes nothing else meanwhile.
    public Optional<Claim> claimSuspects(String worker) {
        return transactions.call(session -> session.createNativeQuery(QueueSql.FIRST_SUSPECT, Object[].class)
                .getResultList()
                .chain(first -> first.isEmpty()
                        ? Uni.createFrom().item(Optional.empty())
                        : claimSuspects(
                                session,
                                worker,
                                ((Number) first.getFirst()[0]).intValue(),
                                ((Number) first.getFirst()[1]).intValue())));
    }

    private Uni<Optional<Claim>> claimSuspects(Mutiny.Session session, String worker, int extractorId, int attempts) {
        boolean hopeless = attempts >= JobKind.DEFAULT_MAX_ATTEMPTS;
        int limit = hopeless ? MAX_GIVEN_UP : attempts == 1 ? SUSPECTS : 1;
        return hold(
                session,
                session.createNativeQuery(QueueSql.CLAIM_SUSPECT, Object[].class)
                        .setParameter("extractor", extractorId)
                        .setParameter("attempts", attempts)
                        .setParameter("limit", (long) limit),
                worker,
                extractorId,
                hopeless ? Claim.Reason.GIVEN_UP : Claim.Reason.SUSPECT);
    }

    private Uni<Optional<Claim>> hold(
            Mutiny.Session session,
            Mutiny.SelectionQuery<Object[]> claiming,
            String worker,
            int extractorId,
            Claim.Reason reason) {
        UUID id = UUID.randomUUID();
        return claiming.setParameter("claim", id.toString())
                .getResultList()
                .call(held -> held.isEmpty() ? Uni.createFrom().voidItem() : insertClaim(session, id, worker))
                .map(held -> held.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Claim(
                                id,
                                extractorId,
                                held.stream().map(row -> (String) row[0]).toList(),
                                reason)));
    }

    private Uni<Integer> insertClaim(Mutiny.Session session, UUID id, String worker) {
        return session.createNativeQuery(QueueSql.INSERT_CLAIM)
                .setParameter("claim", id.toString())
                .setParameter("worker", worker)
                .setParameter("lease", config.lease().toMillis())
                .executeUpdate();
    }

    /// Prolongs a worker's claims by a lease from now. A claim that was taken away stays away.
    ///
    /// @return those that were prolonged
    public List<UUID> renew(Collection<UUID> claimIds) {
        return transactions
                .call(session -> session.createNativeQuery(QueueSql.RENEW, String.class)
                        .setParameter("lease", config.lease().toMillis())
                        .setParameter(
                                "claims", claimIds.stream().map(UUID::toString).toArray(String[]::new))
                        .getResultList())
                .stream()
                .map(UUID::fromString)
                .toList();
    }

    /// Hands a claim's pictures back, for any worker to take; that they were claimed does not count.
    public void release(UUID claimId) {
        transactions.call(session -> session.createNativeQuery(QueueSql.RELEASE)
                .setParameter("claim", claimId.toString())
                .executeUpdate());
        arrived();
    }

    /// Takes the claims of workers that gave no sign of life for a lease, and hands their pictures back.
    public void releaseExpired() {
        int pictures = transactions.call(
                session -> session.createNativeQuery(QueueSql.RELEASE_EXPIRED).executeUpdate());
        if (pictures > 0) {
            LOG.infof("Took back pictures of a lost worker pictures=%d", pictures);
            arrived();
        }
    }

    /// Counts the pictures to be computed, up to a hundred thousand.
    public QueueDepth depth() {
        Object[] counts = transactions.call(session -> session.createNativeQuery(QueueSql.DEPTH, Object[].class)
                .setParameter("bound", COUNTED)
                .getSingleResult());
        return new QueueDepth(((Number) counts[0]).longValue(), ((Number) counts[1]).longValue());
    }
}

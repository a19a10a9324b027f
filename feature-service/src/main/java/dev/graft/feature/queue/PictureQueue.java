package dev.graft.feature.queue;

import dev.graft.feature.EmbeddingConfig;
import dev.graft.feature.Signal;
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

    private static final String ENQUEUE = """
            insert into pending (extractor_id, image_id, priority)
            select :extractor, asked.image_id, 0
            from (select distinct unnest(string_to_array(:images, ',')) as image_id) as asked
            where not exists (select from embedding e where e.extractor_id = :extractor and e.image_id = asked.image_id)
              and not exists (select from failure f where f.extractor_id = :extractor and f.image_id = asked.image_id)
            on conflict do nothing""";

    private static final String CLAIM = """
            with head as (
                select x.id as extractor_id, least(:limit, greatest(1, :bytes / (4 * x.dimension))) as pictures
                from (select extractor_id from pending where claim_id is null order by priority desc, position limit 1)
                    as first
                join extractor x on x.id = first.extractor_id
            ), picked as (
                select p.extractor_id, p.image_id
                from pending p join head on head.extractor_id = p.extractor_id
                where p.claim_id is null
                order by p.priority desc, p.position
                limit (select pictures from head)
                for update of p skip locked
            ), held as (
                update pending p set claim_id = cast(:claim as uuid)
                from picked
                where p.extractor_id = picked.extractor_id and p.image_id = picked.image_id
                returning p.extractor_id, p.image_id, p.position
            )
            select extractor_id, image_id from held order by position""";

    private final Transactions transactions;
    private final EmbeddingConfig config;
    private final Signal arrivals = new Signal();

    /// Makes the queue over the service's database.
    public PictureQueue(Transactions transactions, EmbeddingConfig config) {
        this.transactions = transactions;
        this.config = config;
    }

    /// Gives the signal that is raised when pictures became free in this process.
    public Signal arrivals() {
        return arrivals;
    }

    /// Queues pictures for an extractor, ahead of any request, within the caller's transaction; those that are queued,
    /// computed or cannot be decoded are left out. The caller raises [#arrivals] after the commit.
    ///
    /// @return how many were added
    public Uni<Integer> enqueue(Mutiny.Session session, int extractorId, Collection<String> imageIds) {
        if (imageIds.isEmpty()) {
            return Uni.createFrom().item(0);
        }
        String images = String.join(",", imageIds);
        return ExtractorLock.exclusive(session, extractorId)
                .chain(() -> forgetMendable(session, extractorId, images))
                .chain(() -> session.createNativeQuery(ENQUEUE)
                        .setParameter("extractor", extractorId)
                        .setParameter("images", images)
                        .executeUpdate());
    }

    /// Forgets the failures that another try may mend, within the caller's transaction.
    ///
    /// @param images ids, separated by commas
    public static Uni<Integer> forgetMendable(Mutiny.Session session, int extractorId, String images) {
        return session.createNativeQuery("""
                        delete from failure
                        where extractor_id = :extractor and reason <> 'UNDECODABLE'
                          and image_id = any(string_to_array(:images, ','))""")
                .setParameter("extractor", extractorId)
                .setParameter("images", images)
                .executeUpdate();
    }

    /// Leases the next pictures, most urgent first; empty when none is free.
    ///
    /// @param limit the most pictures; fewer when their vectors would pass the largest size of a segment
    public Optional<Claim> claim(String worker, int limit) {
        UUID id = UUID.randomUUID();
        List<Object[]> rows = transactions.call(session -> session.createNativeQuery(CLAIM, Object[].class)
                .setParameter("claim", id.toString())
                .setParameter("limit", (long) limit)
                .setParameter("bytes", config.maxSegmentSize().asLongValue())
                .getResultList()
                .call(held -> held.isEmpty() ? Uni.createFrom().voidItem() : insertClaim(session, id, worker)));
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        int extractorId = ((Number) rows.getFirst()[0]).intValue();
        return Optional.of(new Claim(
                id, extractorId, rows.stream().map(row -> (String) row[1]).toList()));
    }

    private Uni<Integer> insertClaim(Mutiny.Session session, UUID id, String worker) {
        return session.createNativeQuery("""
                        insert into claim (id, worker, expires_at)
                        values (cast(:claim as uuid), :worker, now() + :lease * interval '1 millisecond')""")
                .setParameter("claim", id.toString())
                .setParameter("worker", worker)
                .setParameter("lease", config.lease().toMillis())
                .executeUpdate();
    }

    /// Prolongs a worker's claims by a lease from now. A claim that was taken away stays away.
    public void renew(Collection<UUID> claimIds) {
        if (claimIds.isEmpty()) {
            return;
        }
        transactions.call(session -> session.createNativeQuery("""
                        update claim set expires_at = now() + :lease * interval '1 millisecond'
                        where id = any(cast(string_to_array(:claims, ',') as uuid[]))""")
                .setParameter("lease", config.lease().toMillis())
                .setParameter("claims", joined(claimIds))
                .executeUpdate());
    }

    /// Hands a claim's pictures back, for any worker to take.
    public void release(UUID claimId) {
        transactions.call(session -> session.createNativeQuery("""
                        with gone as (delete from claim where id = cast(:claim as uuid) returning id)
                        update pending set claim_id = null where claim_id in (select id from gone)""")
                .setParameter("claim", claimId.toString())
                .executeUpdate());
        arrivals.raise();
    }

    /// Takes the claims of workers that gave no sign of life for a lease, and hands their pictures back.
    public void releaseExpired() {
        int pictures =
                transactions.call(session -> session.createNativeQuery("""
                        with gone as (delete from claim where expires_at < now() returning id)
                        update pending set claim_id = null where claim_id in (select id from gone)""").executeUpdate());
        if (pictures > 0) {
            LOG.infof("Took back pictures of a lost worker pictures=%d", pictures);
            arrivals.raise();
        }
    }

    /// Counts the pictures to be computed.
    public QueueDepth depth() {
        Object[] counts = transactions.call(session -> session.createNativeQuery(
                        "select count(*) filter (where claim_id is null), count(claim_id) from pending", Object[].class)
                .getSingleResult());
        return new QueueDepth(((Number) counts[0]).longValue(), ((Number) counts[1]).longValue());
    }

    private static String joined(Collection<UUID> ids) {
        return String.join(",", ids.stream().map(UUID::toString).toList());
    }
}

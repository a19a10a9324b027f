package dev.graft.feature.queue;

import dev.graft.feature.EmbeddingConfig;
import dev.graft.jobs.JobKind;
import dev.graft.messaging.Transactions;
import dev.graft.threads.Signal;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/// Queues images for workers. Any number of replicas may use one queue: no image is leased to two at a time.
///
/// Methods that are given a session work in the caller's transaction; the others block. Safe for many threads.
@ApplicationScoped
public class ImageQueue {
    private static final Logger LOG = Logger.getLogger(ImageQueue.class);

    /// Images that come with few others are computed at once.
    private static final int MAX_URGENT = 16;

    /// How many images are taken together when the first attempt at them broke off; after the second each is alone.
    private static final int SUSPECTS = 16;

    private static final int MAX_GIVEN_UP = 256;
    private static final long COUNTED = 100_000;

    private final Transactions transactions;
    private final PendingImages images;
    private final QueueStatistics statistics;
    private final EmbeddingConfig config;
    private final Signal arrivals = new Signal();
    private final Signal urgentArrivals = new Signal();

    ImageQueue(Transactions transactions, PendingImages images, QueueStatistics statistics, EmbeddingConfig config) {
        this.transactions = transactions;
        this.images = images;
        this.statistics = statistics;
        this.config = config;
    }

    /// Gives the signal that is raised when images became free in this process.
    public Signal arrivals() {
        return arrivals;
    }

    /// Gives the signal that is raised when images came that are to be computed at once.
    public Signal urgentArrivals() {
        return urgentArrivals;
    }

    /// Says that images may have come.
    public void arrived() {
        arrivals.raise();
        urgentArrivals.raise();
    }

    /// Queues images for an extractor, ahead of any request, within the caller's transaction; those that are computed
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
                .chain(() -> images.forgetMendable(session, extractorId, imageIds))
                .chain(() -> images.insert(session, extractorId, imageIds, imageIds.size() <= MAX_URGENT))
                .call(added -> statistics.added(session, added));
    }

    /// Leases the next images of the source whose turn it is; empty when none is free.
    ///
    /// @param limit the most images; fewer when their vectors would pass the largest size of a segment
    public Optional<Claim> claim(String worker, int limit) {
        return claim(images::nextSource, (session, source) -> {
            long segmentImages = Math.max(1, config.maxSegmentSize().asLongValue() / (4L * source.dimension()));
            return hold(
                    session,
                    worker,
                    id -> images.claim(session, source, id, Math.min(limit, segmentImages)),
                    (id, held) -> new Claim(id, source.extractorId(), held, Claim.Reason.NEXT, 1, 0));
        });
    }

    /// Leases images that came alone; empty when there are none.
    ///
    /// @param limit the most images
    public Optional<Claim> claimUrgent(String worker, int limit) {
        return claim(
                images::firstUrgentExtractor,
                (session, extractorId) -> hold(
                        session,
                        worker,
                        id -> images.claimUrgent(session, extractorId, id, limit),
                        (id, held) -> new Claim(id, extractorId, held, Claim.Reason.URGENT, 1, 0)));
    }

    /// Returns whether there are images at which an attempt broke off.
    public boolean hasSuspects() {
        return transactions.call(images::firstSuspects).isPresent();
    }

    /// Leases images at which an attempt broke off, because its worker's process ended or by a fault that was seen:
    /// some together the first time, one alone the second time, and for giving up when that broke off, too. Whoever
    /// calls this computes nothing else meanwhile.
    public Optional<Claim> claimSuspects(String worker) {
        return claim(images::firstSuspects, (session, suspects) -> {
            boolean hopeless = suspects.attempts() >= JobKind.DEFAULT_MAX_ATTEMPTS;
            int limit = hopeless ? MAX_GIVEN_UP : suspects.attempts() == 1 ? SUSPECTS : 1;
            return hold(
                    session,
                    worker,
                    id -> images.claimSuspects(session, suspects, id, limit),
                    (id, held) -> suspect(id, suspects, held, hopeless));
        });
    }

    private static Claim suspect(UUID id, PendingImages.Suspects suspects, List<String> held, boolean hopeless) {
        Claim.Reason reason = hopeless ? Claim.Reason.GIVEN_UP : Claim.Reason.SUSPECT;
        // What was claimed more often was claimed to be given up.
        int attempts = hopeless ? JobKind.DEFAULT_MAX_ATTEMPTS : suspects.attempts() + 1;
        return new Claim(id, suspects.extractorId(), held, reason, attempts, suspects.faults());
    }

    /// Looks for what is next and claims of it, in one transaction.
    private <T> Optional<Claim> claim(
            Function<Mutiny.Session, Uni<Optional<T>>> next,
            BiFunction<Mutiny.Session, T, Uni<Optional<Claim>>> claiming) {
        return transactions.call(session -> next.apply(session)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(Optional.<Claim>empty())
                        : claiming.apply(session, found.get())));
    }

    private Uni<Optional<Claim>> hold(
            Mutiny.Session session,
            String worker,
            Function<UUID, Uni<List<String>>> claiming,
            BiFunction<UUID, List<String>, Claim> claim) {
        UUID id = UUID.randomUUID();
        return claiming.apply(id)
                .call(held -> held.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : images.insertClaim(session, id, worker, config.lease()))
                .map(held -> held.isEmpty() ? Optional.empty() : Optional.of(claim.apply(id, held)));
    }

    /// Prolongs a worker's claims by a lease from now. A claim that was taken away stays away.
    ///
    /// @return those that were prolonged
    public List<UUID> renew(Collection<UUID> claimIds) {
        return transactions.call(session -> images.renew(session, claimIds, config.lease()));
    }

    /// Finds the claims among whose images is one that nobody wants any more, because the jobs that waited for
    /// it were cancelled. To hand such a claim back is cheaper than to compute it: what is wanted of it is
    /// claimed again.
    public List<UUID> unwanted(Collection<UUID> claimIds) {
        return transactions.call(session -> images.unwanted(session, claimIds));
    }

    /// Hands a claim's images back, for any worker to take; that they were claimed does not count.
    public void release(UUID claimId) {
        release(claimId, false);
    }

    /// Hands a claim's images back after a fault that was seen: the attempt counts, and not as the end of a process.
    public void breakOff(UUID claimId) {
        release(claimId, true);
    }

    private void release(UUID claimId, boolean counted) {
        transactions.call(session -> images.release(session, claimId, counted));
        arrived();
    }

    /// Takes the claims of workers that gave no sign of life for a lease, and hands their images back.
    public void releaseExpired() {
        int count = transactions.call(images::releaseExpired);
        if (count > 0) {
            LOG.infof("Took back images of a lost worker images=%d", count);
            arrived();
        }
    }

    /// Counts the images to be computed, up to a hundred thousand.
    public QueueDepth depth() {
        return transactions.call(session -> images.depth(session, COUNTED));
    }
}

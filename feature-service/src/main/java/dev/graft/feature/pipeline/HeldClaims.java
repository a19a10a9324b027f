package dev.graft.feature.pipeline;

import dev.graft.events.Backoff;
import dev.graft.feature.embedding.Failure;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.queue.Claim;
import dev.graft.feature.queue.ImageQueue;
import dev.graft.jobs.JobKind;
import dev.graft.threads.LeaseKeeper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/// The claims that this process has, whose leases it renews. Whatever becomes of a claim, [#finish] or [#breakOff] ends
/// it: until then it is renewed, and its images are nobody else's. Safe for many threads.
final class HeldClaims {
    private static final Logger LOG = Logger.getLogger(HeldClaims.class);

    /// Nothing is computed a second after it was cancelled but what was begun before.
    private static final Duration LOOK = Duration.ofMillis(400);

    private final ImageQueue queue;
    private final Extractors extractors;
    private final ChunkCommitter committer;
    private final LeaseKeeper<UUID> keeper;

    /// Each claim with what its end gives back.
    private final Map<UUID, Semaphore> slots = new ConcurrentHashMap<>();

    /// What is computed of the claims.
    private final Map<UUID, Chunk> chunks = new ConcurrentHashMap<>();

    private volatile boolean stopping;

    HeldClaims(ImageQueue queue, Extractors extractors, ChunkCommitter committer, Duration lease) {
        this.queue = queue;
        this.extractors = extractors;
        this.committer = committer;
        this.keeper = new LeaseKeeper<>(lease, queue::renew);
    }

    /// Renews the leases until the thread is interrupted.
    void renew() throws InterruptedException {
        keeper.run();
    }

    /// Looks whether the images under computation are still wanted, until the thread is interrupted. A chunk
    /// some of whose images are not is broken off before its next batch.
    void watch() throws InterruptedException {
        while (true) {
            Thread.sleep(LOOK);
            List<UUID> computed = List.copyOf(chunks.keySet());
            if (!computed.isEmpty()) {
                breakOffUnwanted(computed);
            }
        }
    }

    private void breakOffUnwanted(List<UUID> computed) {
        try {
            for (UUID claimId : queue.unwanted(computed)) {
                Chunk chunk = chunks.get(claimId);
                if (chunk != null) {
                    chunk.breakOff(new UnwantedImagesException());
                }
            }
        } catch (RuntimeException away) {
            LOG.debugf("Cancelled images not looked for reason=%s", away);
        }
    }

    boolean isEmpty() {
        return slots.isEmpty();
    }

    /// Holds a claim from now on.
    ///
    /// @param slot gets a permit when the claim ends
    void hold(Claim claim, Semaphore slot) {
        try {
            slots.put(claim.id(), slot);
            keeper.keep(claim.id(), () -> LOG.warnf("Claim was lost claimId=%s", claim.id()));
        } catch (RuntimeException | Error e) {
            boolean unused = keeper.drop(claim.id());
            slots.remove(claim.id());
            slot.release();
            throw e;
        }
    }

    /// Watches from now on, until the claim ends, whether the images of a chunk are wanted.
    void watch(Chunk chunk) {
        chunks.put(chunk.claim().id(), chunk);
    }

    /// Ends this process's part in a claim, once; does nothing afterwards.
    void finish(Claim claim) {
        chunks.remove(claim.id());
        boolean unused = keeper.drop(claim.id());
        Semaphore slot = slots.remove(claim.id());
        if (slot != null) {
            slot.release();
        }
    }

    /// Ends a claim whose work something broke off. What says nothing about its images is tried again; anything else
    /// counts as an attempt, and the last attempt gives the images up with the reason.
    void breakOff(Claim claim, Throwable fault) {
        try {
            if (fault instanceof UnwantedImagesException) {
                LOG.infof("Images not wanted any more claimId=%s", claim.id());
                handBack(claim);
            } else if (stopping || PassingFaults.isPassing(fault) || claim.reason() == Claim.Reason.GIVEN_UP) {
                LOG.warnf("Images wait claimId=%s reason=%s", claim.id(), fault);
                handBack(claim);
            } else if (claim.attempts() < JobKind.DEFAULT_MAX_ATTEMPTS) {
                LOG.errorf(fault, "Claim broke off claimId=%s attempt=%d", claim.id(), claim.attempts());
                onceDatabaseIsBack(claim, () -> queue.breakOff(claim.id()));
            } else {
                giveUp(claim, fault);
            }
        } finally {
            finish(claim);
        }
    }

    private void giveUp(Claim claim, Throwable fault) {
        String incidentId = UUID.randomUUID().toString();
        LOG.errorf(
                fault, "Images given up claimId=%s images=%s incidentId=%s", claim.id(), claim.imageIds(), incidentId);
        try {
            committer.giveUp(
                    claim,
                    extractors.get(claim.extractorId()),
                    Failure.Reason.NOT_COMPUTABLE,
                    Attempts.brokeOff(claim.attempts(), fault, incidentId));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "Images are given up later claimId=%s", claim.id());
            onceDatabaseIsBack(claim, () -> queue.breakOff(claim.id()));
        }
    }

    /// Hands the images of a claim back through no fault of theirs; the attempt does not count.
    void handBack(Claim claim) {
        onceDatabaseIsBack(claim, () -> queue.release(claim.id()));
    }

    /// A claim that is not handed back counts as the end of a process once its lease is over: it is kept meanwhile.
    private void onceDatabaseIsBack(Claim claim, Runnable handing) {
        Backoff backoff = new Backoff();
        while (true) {
            try {
                handing.run();
                return;
            } catch (RuntimeException e) {
                if (stopping || !PassingFaults.isBackendAway(e)) {
                    LOG.warnf("Claim is left to expire claimId=%s reason=%s", claim.id(), e);
                    return;
                }
                if (!paused(backoff)) {
                    return;
                }
            }
        }
    }

    private static boolean paused(Backoff backoff) {
        try {
            backoff.pause();
            return true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// From now on the service stops: what breaks off says nothing any more.
    void stop() {
        stopping = true;
    }

    /// Hands back what is held.
    void handAllBack() {
        List<UUID> left = List.copyOf(slots.keySet());
        if (!left.isEmpty()) {
            LOG.infof("Handing unfinished claims back claims=%d", left.size());
        }
        for (UUID claimId : left) {
            try {
                queue.release(claimId);
            } catch (RuntimeException e) {
                LOG.warnf("Claim is left to expire claimId=%s reason=%s", claimId, e);
            }
        }
    }
}

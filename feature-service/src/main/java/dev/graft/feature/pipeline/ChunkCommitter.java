package dev.graft.feature.pipeline;

import dev.graft.contracts.ObjectKeys;
import dev.graft.events.Backoff;
import dev.graft.feature.embedding.Failure;
import dev.graft.feature.embedding.Segment;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.queue.Claim;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Makes a computed chunk durable: first its segment file, then one transaction. A crash in between leaves a file that
/// nothing points at, and the images in the queue.
@ApplicationScoped
class ChunkCommitter {
    private static final Logger LOG = Logger.getLogger(ChunkCommitter.class);

    /// When backends stay away longer, the chunk is given up and its images are computed again later.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// What is no fault of a backend that is away may pass, as when two transactions stop each other, or come
    /// every time.
    private static final int MAX_TRIES = 3;

    private final ObjectStore store;
    private final EmbeddingCommits commits;
    private final PipelineMetrics metrics;

    ChunkCommitter(ObjectStore store, EmbeddingCommits commits, PipelineMetrics metrics) {
        this.store = store;
        this.commits = commits;
        this.metrics = metrics;
    }

    /// Commits a chunk, waiting for backends that are away.
    ///
    /// @throws InterruptedException when the service stops meanwhile; only the claim's row then says whether the
    ///     commit happened
    /// @throws RuntimeException     when backends stayed away too long, or what failed failed again
    void commit(Chunk chunk) throws InterruptedException {
        commit(chunk.claim(), chunk.extractor().known(), chunk.segment(), chunk.failures());
    }

    /// Commits that no image of a claim can be computed, as [#commit(Chunk)].
    ///
    /// @param detail why, in a sentence for users
    void giveUp(Claim claim, KnownExtractor extractor, Failure.Reason reason, String detail)
            throws InterruptedException {
        List<Failure> failures = claim.imageIds().stream()
                .map(imageId -> new Failure(imageId, reason, detail))
                .toList();
        commit(claim, extractor, null, failures);
    }

    private void commit(Claim claim, KnownExtractor extractor, @Nullable Segment segment, List<Failure> failures)
            throws InterruptedException {
        long startedNanos = System.nanoTime();
        boolean held = persist(claim, extractor, segment, failures);
        long elapsedNanos = System.nanoTime() - startedNanos;
        if (!held) {
            LOG.warnf(
                    "Claim was lost before its commit claimId=%s images=%d",
                    claim.id(), claim.imageIds().size());
            return;
        }
        int images = segment == null ? 0 : segment.imageIds().size();
        metrics.committed(extractor.backbone(), images, elapsedNanos);
        failures.forEach(failure -> {
            metrics.failed(failure.reason());
            LOG.warnf(
                    "Image has no embedding imageId=%s backbone=%s reason=%s detail=%s",
                    failure.imageId(), extractor.backbone(), failure.reason(), failure.detail());
        });
        LOG.debugf(
                "Committed segment segmentId=%s images=%d elapsedMillis=%d",
                segment == null ? "none" : segment.id(), images, elapsedNanos / 1_000_000);
    }

    private boolean persist(Claim claim, KnownExtractor extractor, @Nullable Segment segment, List<Failure> failures)
            throws InterruptedException {
        Backoff backoff = new Backoff();
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        int faults = 0;
        boolean stored = segment == null;
        String objectKey = segment == null
                ? ""
                : ObjectKeys.segment(extractor.digest(), segment.id().toString());
        while (true) {
            try {
                if (!stored && segment != null) {
                    store.put(objectKey, ObjectContent.of(segment.toBytes(), "application/octet-stream"));
                    stored = true;
                }
                return commits.commit(claim, extractor, segment, objectKey, failures);
            } catch (RuntimeException e) {
                faults += PassingFaults.isBackendAway(e) ? 0 : 1;
                if (faults == MAX_TRIES || System.nanoTime() > deadlineNanos) {
                    throw e;
                }
                LOG.warnf("Commit waits claimId=%s reason=%s", claim.id(), e);
                backoff.pause();
            }
        }
    }
}

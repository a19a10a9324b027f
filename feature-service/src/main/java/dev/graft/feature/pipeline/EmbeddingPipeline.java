package dev.graft.feature.pipeline;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.events.Backoff;
import dev.graft.feature.EmbeddingConfig;
import dev.graft.feature.embedding.Failure;
import dev.graft.feature.extractor.ExtractorPool;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.queue.Claim;
import dev.graft.feature.queue.ImageQueue;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.threads.Signal;
import dev.graft.threads.SupervisedThreads;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/// Takes claims from the queue and turns them into committed embeddings, as long as the service runs.
///
/// One thread claims, opens extractors and has the images fetched, others compute, and each finished chunk is committed
/// on a virtual thread of its own. At most [#CHUNKS_IN_FLIGHT] chunks are between claim and commit. A second thread
/// claims images that came alone: their batches go before all that wait to be computed, so that they wait for the batch
/// under computation only. Images whose process ended are computed while nothing else is.
@ApplicationScoped
public class EmbeddingPipeline {
    private static final Logger LOG = Logger.getLogger(EmbeddingPipeline.class);

    /// One that is fetched, one that is computed, one that is committed, and one so that nobody waits.
    private static final int CHUNKS_IN_FLIGHT = 4;

    private static final Duration LONGEST_IDLE = Duration.ofSeconds(1);

    /// The most urgent images that are fetched past the bound of bytes.
    private static final int URGENT_IMAGES = 8;

    private final ImageQueue queue;
    private final Extractors extractors;
    private final ExtractorPool pool;
    private final ChunkCommitter committer;
    private final PipelineMetrics metrics;
    private final EmbeddingConfig config;
    private final FetchedBytes fetched;
    private final ChunkSize chunkSize;
    private final ImageFetcher fetcher;
    private final SupervisedThreads threads;
    private final HeldClaims held;
    private final BlockingDeque<Chunk.Batch> ready = new LinkedBlockingDeque<>();
    private final Semaphore inFlight = new Semaphore(CHUNKS_IN_FLIGHT, true);
    private final Semaphore urgentInFlight = new Semaphore(1, true);

    private final List<SupervisedThreads.Supervised> running = new ArrayList<>();
    private final String name = "feature-" + UUID.randomUUID();
    private long nextSuspectLookNanos = System.nanoTime();
    private volatile boolean stopping;
    private volatile boolean warm;

    EmbeddingPipeline(
            ImageQueue queue,
            Extractors extractors,
            ExtractorPool pool,
            ObjectStore store,
            ChunkCommitter committer,
            PipelineMetrics metrics,
            SupervisedThreads threads,
            EmbeddingConfig config) {
        this.queue = queue;
        this.extractors = extractors;
        this.pool = pool;
        this.committer = committer;
        this.metrics = metrics;
        this.threads = threads;
        this.config = config;
        this.held = new HeldClaims(queue, extractors, committer, config.lease());
        this.fetched = new FetchedBytes(config.prefetch().asLongValue());
        this.chunkSize =
                new ChunkSize(config.chunkTime(), pool.batchSize(), config.computeThreads(), config.maxChunkImages());
        this.fetcher = new ImageFetcher(store, fetched, config.fetchers(), ready);
    }

    /// Returns whether the default network is loaded, so that images are not kept waiting.
    public boolean isWarm() {
        return warm;
    }

    void start(@Observes StartupEvent event) {
        running.add(threads.virtual("claim-keeper", held::renew));
        running.add(threads.virtual("claim-watch", held::watch));
        for (int i = 0; i < config.computeThreads(); i++) {
            running.add(threads.platform("embed-" + i, this::compute));
        }
        running.add(threads.platform("embedding-claimer", this::claimAll));
        running.add(threads.platform("urgent-claimer", this::claimUrgent));
    }

    private void claimAll() throws InterruptedException {
        warmUp();
        awaitRoleOfWorker();
        Backoff faults = new Backoff();
        while (!stopping) {
            boolean served = serveSuspects();
            claimNext(inFlight, () -> queue.claim(name, chunkSize.next()), queue.arrivals(), served, faults);
        }
    }

    private void claimUrgent() throws InterruptedException {
        awaitRoleOfWorker();
        Backoff faults = new Backoff();
        while (!stopping) {
            claimNext(
                    urgentInFlight,
                    () -> warm ? queue.claimUrgent(name, URGENT_IMAGES) : Optional.empty(),
                    queue.urgentArrivals(),
                    false,
                    faults);
        }
    }

    private void awaitRoleOfWorker() throws InterruptedException {
        if (!config.worker()) {
            new CountDownLatch(1).await();
        }
    }

    /// Loads the default network before the first image needs it.
    private void warmUp() throws InterruptedException {
        Backoff backoff = new Backoff();
        while (!warm) {
            try {
                pool.borrow(extractors.resolve(ExtractorChoice.defaults())).close();
                warm = true;
            } catch (RuntimeException e) {
                LOG.warnf("Default network waits reason=%s", e);
                backoff.pause();
            }
        }
    }

    private void claimNext(
            Semaphore slots, Supplier<Optional<Claim>> claiming, Signal arrivals, boolean hurry, Backoff faults)
            throws InterruptedException {
        slots.acquire();
        boolean begun = false;
        try {
            Optional<Claim> claim = claiming.get();
            if (claim.isPresent()) {
                begun = true;
                begin(claim.get(), slots);
            } else {
                boolean unused = arrivals.await(hurry ? Duration.ZERO : LONGEST_IDLE);
            }
            faults.reset();
        } catch (RuntimeException e) {
            LOG.warnf("Claiming waits reason=%s", e);
            faults.pause();
        } finally {
            if (!begun) {
                slots.release();
            }
        }
    }

    /// Computes some images at which an attempt broke off, and nothing else meanwhile, so that it shows which is to
    /// blame.
    ///
    /// @return whether there were any
    private boolean serveSuspects() throws InterruptedException {
        if (System.nanoTime() < nextSuspectLookNanos || !hasSuspects()) {
            return false;
        }
        urgentInFlight.acquire();
        try {
            inFlight.acquire(CHUNKS_IN_FLIGHT);
            try {
                Optional<Claim> claim = queue.claimSuspects(name);
                if (claim.isPresent()) {
                    Semaphore ended = new Semaphore(0);
                    begin(claim.get(), ended);
                    ended.acquire();
                }
                return claim.isPresent();
            } catch (RuntimeException e) {
                LOG.warnf("Claiming waits reason=%s", e);
                // They come back at once; the others have their turn meanwhile.
                nextSuspectLookNanos = System.nanoTime() + LONGEST_IDLE.toNanos();
                return false;
            } finally {
                inFlight.release(CHUNKS_IN_FLIGHT);
            }
        } finally {
            urgentInFlight.release();
        }
    }

    private boolean hasSuspects() {
        try {
            boolean found = queue.hasSuspects();
            if (!found) {
                nextSuspectLookNanos = System.nanoTime() + LONGEST_IDLE.toNanos();
            }
            return found;
        } catch (RuntimeException e) {
            LOG.warnf("Claiming waits reason=%s", e);
            return false;
        }
    }

    /// Begins with a claim. Its end gives the slot back, whatever is thrown until then.
    private void begin(Claim claim, Semaphore slot) throws InterruptedException {
        held.hold(claim, slot);
        Optional<Chunk> chunk;
        try {
            chunk = claim.reason() == Claim.Reason.GIVEN_UP ? giveUp(claim) : open(claim);
        } catch (RuntimeException e) {
            held.breakOff(claim, e);
            throw e;
        } catch (Error e) {
            held.breakOff(claim, e);
            return;
        }
        if (chunk.isPresent()) {
            metrics.claimed(chunk.get().images());
            held.watch(chunk.get());
            fetcher.fetch(chunk.get());
        } else {
            held.finish(claim);
        }
    }

    /// @return nothing, for there is nothing to compute
    private Optional<Chunk> giveUp(Claim claim) throws InterruptedException {
        LOG.errorf("Images given up claimId=%s images=%s", claim.id(), claim.imageIds());
        committer.giveUp(claim, extractors.get(claim.extractorId()), Attempts.reason(claim), Attempts.detail(claim));
        return Optional.empty();
    }

    /// Opens the network of a claim. One that can never be opened would come back at once and keep all others waiting,
    /// so its images are given up: then the result is empty.
    private Optional<Chunk> open(Claim claim) throws InterruptedException {
        KnownExtractor extractor = extractors.get(claim.extractorId());
        try {
            return Optional.of(chunk(claim, pool.borrow(extractor)));
        } catch (ProblemException e) {
            if (e.problem().is(ProblemType.WEIGHTS_UNAVAILABLE)) {
                throw e;
            }
            String detail = String.valueOf(e.getMessage());
            LOG.errorf(
                    "Network cannot be opened backbone=%s images=%d detail=%s",
                    extractor.backbone(), claim.imageIds().size(), detail);
            committer.giveUp(claim, extractor, Failure.Reason.NOT_COMPUTABLE, detail);
            return Optional.empty();
        }
    }

    private Chunk chunk(Claim claim, ExtractorPool.Loan loan) {
        try {
            return new Chunk(claim, loan, pool.batchSize(), config.computeThreads());
        } catch (RuntimeException | Error e) {
            loan.close();
            throw e;
        }
    }

    private void compute() throws InterruptedException {
        try (BatchComputation computation = new BatchComputation(fetched, pool.batchSize())) {
            while (!stopping || !held.isEmpty()) {
                Chunk.Batch batch = ready.poll(1, TimeUnit.SECONDS);
                if (batch != null) {
                    compute(computation, batch);
                }
            }
        }
    }

    private void compute(BatchComputation computation, Chunk.Batch batch) {
        long startedNanos = System.nanoTime();
        Chunk chunk = batch.chunk();
        try {
            computation.compute(batch);
            metrics.batch(System.nanoTime() - startedNanos);
        } catch (RuntimeException | Error e) {
            chunk.breakOff(e);
        }
        if (chunk.finishBatch(System.nanoTime() - startedNanos)) {
            try {
                Thread.ofVirtual().name("commit-" + chunk.claim().id()).start(() -> end(chunk));
            } catch (RuntimeException | Error e) {
                chunk.breakOff(e);
                end(chunk);
            }
        }
    }

    /// Ends a chunk whose every batch is done: commits it, or settles what broke it off.
    private void end(Chunk chunk) {
        Throwable fault = chunk.fault();
        try {
            if (fault == null) {
                chunkSize.observe(chunk.images(), chunk.computeNanos());
                commit(chunk);
            } else {
                held.breakOff(chunk.claim(), fault);
            }
        } finally {
            close(chunk);
        }
    }

    private void close(Chunk chunk) {
        try {
            chunk.close();
        } finally {
            held.finish(chunk.claim());
        }
    }

    private void commit(Chunk chunk) {
        try {
            committer.commit(chunk);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            held.breakOff(chunk.claim(), e);
        }
    }

    /// Takes no more claims, finishes those it has as far as time allows, and hands the others back.
    void stop(@Observes @Priority(0) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        held.stop();
        queue.arrived();
        boolean drained = inFlight.tryAcquire(CHUNKS_IN_FLIGHT, config.drain().toMillis(), TimeUnit.MILLISECONDS);
        fetcher.stop();
        running.forEach(SupervisedThreads.Supervised::interrupt);
        if (!drained || !held.isEmpty()) {
            held.handAllBack();
        }
    }
}

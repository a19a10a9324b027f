package dev.graft.feature.pipeline;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.feature.Backoff;
import dev.graft.feature.EmbeddingConfig;
import dev.graft.feature.LeaseKeeper;
import dev.graft.feature.extractor.ExtractorPool;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.queue.Claim;
import dev.graft.feature.queue.PictureQueue;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Takes claims from the queue and turns them into committed embeddings, as long as the service runs.
///
/// One virtual thread claims and fetches, platform threads compute, and each finished chunk is committed on a virtual
/// thread of its own. At most [#CHUNKS_IN_FLIGHT] chunks are between claim and commit.
@ApplicationScoped
public class EmbeddingPipeline {
    private static final Logger LOG = Logger.getLogger(EmbeddingPipeline.class);

    /// One that is fetched, one that is computed, one that is committed, and one so that nobody waits.
    private static final int CHUNKS_IN_FLIGHT = 4;

    private static final Duration LONGEST_IDLE = Duration.ofSeconds(1);

    private final PictureQueue queue;
    private final Extractors extractors;
    private final ExtractorPool pool;
    private final ChunkCommitter committer;
    private final PipelineMetrics metrics;
    private final EmbeddingConfig config;
    private final ByteBudget budget;
    private final ChunkSize chunkSize;
    private final PictureFetcher fetcher;
    private final BlockingQueue<Chunk.Batch> ready = new LinkedBlockingQueue<>();
    private final Semaphore inFlight = new Semaphore(CHUNKS_IN_FLIGHT);
    private final Set<UUID> held = ConcurrentHashMap.newKeySet();
    private final List<Thread> workers = new ArrayList<>();
    private final String name = "feature-" + UUID.randomUUID();
    private final Backoff faults = new Backoff();
    private volatile boolean stopping;
    private volatile boolean warm;
    private @Nullable Thread claimer;
    private @Nullable LeaseKeeper keeper;

    EmbeddingPipeline(
            PictureQueue queue,
            Extractors extractors,
            ExtractorPool pool,
            ObjectStore store,
            ChunkCommitter committer,
            PipelineMetrics metrics,
            EmbeddingConfig config) {
        this.queue = queue;
        this.extractors = extractors;
        this.pool = pool;
        this.committer = committer;
        this.metrics = metrics;
        this.config = config;
        this.budget = new ByteBudget(config.prefetch().asLongValue());
        this.chunkSize =
                new ChunkSize(config.chunkTime(), pool.batchSize(), config.computeThreads(), config.maxChunkPictures());
        this.fetcher = new PictureFetcher(store, budget, config.fetchers(), ready);
    }

    /// Tells whether the default network is loaded, so that pictures are not kept waiting.
    public boolean isWarm() {
        return warm;
    }

    void start(@Observes StartupEvent event) {
        keeper = new LeaseKeeper("claim-keeper", queue::renew, config.lease());
        for (int i = 0; i < config.computeThreads(); i++) {
            workers.add(Thread.ofPlatform().name("embed-" + i).daemon().start(this::compute));
        }
        claimer = Thread.ofVirtual().name("embedding-claimer").start(this::run);
    }

    private void run() {
        try {
            warmUp();
            while (config.worker() && !stopping) {
                claimNext();
            }
        } catch (InterruptedException e) {
            LOG.debug("Pipeline takes no more claims");
        }
    }

    /// Loads the default network before the first picture needs it.
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

    private void claimNext() throws InterruptedException {
        inFlight.acquire();
        boolean begun = false;
        try {
            Optional<Claim> claim = queue.claim(name, chunkSize.next());
            if (claim.isPresent()) {
                begun = begin(claim.get());
            } else {
                queue.arrivals().await(LONGEST_IDLE);
            }
            faults.reset();
        } catch (RuntimeException e) {
            LOG.warnf("Claiming waits reason=%s", e);
            faults.pause();
        } finally {
            if (!begun) {
                inFlight.release();
            }
        }
    }

    private boolean begin(Claim claim) throws InterruptedException {
        hold(claim.id());
        Optional<Chunk> chunk;
        try {
            chunk = open(claim);
        } catch (RuntimeException e) {
            boolean unused = letGo(claim.id());
            queue.release(claim.id());
            throw e;
        }
        if (chunk.isEmpty()) {
            boolean unused = letGo(claim.id());
            return false;
        }
        fetcher.fetch(chunk.get());
        return true;
    }

    /// Opens the network of a claim. One that can never be opened would come back at once and keep all others waiting,
    /// so its pictures are given up: then the result is empty.
    private Optional<Chunk> open(Claim claim) throws InterruptedException {
        KnownExtractor extractor = extractors.get(claim.extractorId());
        try {
            ExtractorPool.Loan loan = pool.borrow(extractor);
            return Optional.of(new Chunk(claim, loan, pool.batchSize(), config.computeThreads()));
        } catch (ProblemException e) {
            if (e.problem().is(ProblemType.WEIGHTS_UNAVAILABLE)) {
                throw e;
            }
            String detail = String.valueOf(e.getMessage());
            LOG.errorf(
                    "Network cannot be opened backbone=%s pictures=%d detail=%s",
                    extractor.backbone(), claim.imageIds().size(), detail);
            committer.giveUp(claim, extractor, detail);
            return Optional.empty();
        }
    }

    private void compute() {
        try (BatchComputation computation = new BatchComputation(budget, pool.batchSize())) {
            while (!stopping || !held.isEmpty()) {
                Chunk.Batch batch = ready.poll(1, TimeUnit.SECONDS);
                if (batch != null) {
                    compute(computation, batch);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("Compute thread ends");
        }
    }

    private void compute(BatchComputation computation, Chunk.Batch batch) {
        long startedNanos = System.nanoTime();
        Chunk chunk = batch.chunk();
        try {
            computation.compute(batch);
        } catch (RuntimeException | Error e) {
            // The lease of this chunk runs out, and its pictures come again.
            LOG.errorf(e, "Batch failed claimId=%s", chunk.claim().id());
            finish(chunk);
            return;
        }
        long elapsedNanos = System.nanoTime() - startedNanos;
        metrics.batch(elapsedNanos);
        if (chunk.finishBatch(elapsedNanos)) {
            chunkSize.observe(chunk.pictures(), chunk.computeNanos());
            Thread.ofVirtual().name("commit-" + chunk.claim().id()).start(() -> commit(chunk));
        }
    }

    private void commit(Chunk chunk) {
        try {
            committer.commit(chunk);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "Chunk is given up and will be computed again claimId=%s",
                    chunk.claim().id());
        }
        finish(chunk);
    }

    /// Ends this process's part in a chunk, once.
    private void finish(Chunk chunk) {
        if (letGo(chunk.claim().id())) {
            chunk.close();
            inFlight.release();
        }
    }

    private void hold(UUID claimId) {
        held.add(claimId);
        LeaseKeeper running = keeper;
        if (running != null) {
            running.keep(claimId);
        }
    }

    private boolean letGo(UUID claimId) {
        LeaseKeeper running = keeper;
        if (running != null) {
            running.drop(claimId);
        }
        return held.remove(claimId);
    }

    /// Takes no more claims, finishes those it has as far as time allows, and hands the others back.
    void stop(@Observes @Priority(0) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        Thread claiming = claimer;
        if (claiming != null) {
            queue.arrivals().raise();
        }
        boolean drained = inFlight.tryAcquire(CHUNKS_IN_FLIGHT, config.drain().toMillis(), TimeUnit.MILLISECONDS);
        fetcher.stop();
        if (claiming != null) {
            claiming.interrupt();
        }
        workers.forEach(Thread::interrupt);
        LeaseKeeper running = keeper;
        if (running != null) {
            running.close();
        }
        if (!drained) {
            LOG.infof("Handing unfinished claims back claims=%d", held.size());
            for (UUID claimId : held) {
                release(claimId);
            }
        }
    }

    private void release(UUID claimId) {
        try {
            queue.release(claimId);
        } catch (RuntimeException e) {
            LOG.warnf("Claim is left to expire claimId=%s reason=%s", claimId, e);
        }
    }
}

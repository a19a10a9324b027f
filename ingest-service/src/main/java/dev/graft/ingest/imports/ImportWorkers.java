package dev.graft.ingest.imports;

import dev.graft.ingest.IngestConfig;
import dev.graft.messaging.Transactions;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Runs imports on a few threads of their own. They are woken by a new import of this process, and look by themselves
/// for those of others and for jobs whose worker died.
@Singleton
class ImportWorkers {
    private static final Logger LOG = Logger.getLogger(ImportWorkers.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private final ImportJobs jobs;
    private final ImportAttempt attempt;
    private final Transactions transactions;
    private final IngestConfig.Imports config;
    private final Semaphore wakes = new Semaphore(0);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    ImportWorkers(ImportJobs jobs, ImportAttempt attempt, Transactions transactions, IngestConfig config) {
        this.jobs = jobs;
        this.attempt = attempt;
        this.transactions = transactions;
        this.config = config.imports();
    }

    void start(@Observes StartupEvent event) {
        for (int i = 0; i < config.workers(); i++) {
            threads.add(Thread.ofPlatform().daemon().name("import-worker-" + i).start(this::work));
        }
    }

    /// Ends the workers; a job that one has goes on at the next start, or at another replica at once.
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            thread.join(STOP_TIMEOUT);
        }
    }

    /// Says that there may be a new job.
    void wake() {
        wakes.release();
    }

    private void work() {
        while (!stopping) {
            try {
                Optional<ImportClaim> claim = transactions.call(jobs::claim);
                if (claim.isPresent()) {
                    attempt.run(claim.get());
                } else if (wakes.tryAcquire(config.pollInterval().toMillis(), TimeUnit.MILLISECONDS)) {
                    wakes.drainPermits();
                }
            } catch (InterruptedException stop) {
                return;
            } catch (RuntimeException fault) {
                if (!stopping) {
                    LOG.warnf("Import worker waits reason=%s", fault);
                    pause();
                }
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(config.pollInterval().toMillis());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}

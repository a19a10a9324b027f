package dev.graft.ingest.imports;

import dev.graft.ingest.IngestConfig;
import dev.graft.ingest.archive.ArchiveException;
import dev.graft.messaging.Transactions;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStoreException;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Works on a claimed import once, keeps its lease meanwhile, and says how the attempt ended: done, refused for good,
/// given back for another try, or lost to another worker.
@Singleton
class ImportAttempt {
    private static final Logger LOG = Logger.getLogger(ImportAttempt.class);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(2);

    private final ImportRun run;
    private final ImportJobs jobs;
    private final ImportArchives archives;
    private final Transactions transactions;
    private final IngestConfig.Imports config;

    ImportAttempt(
            ImportRun run, ImportJobs jobs, ImportArchives archives, Transactions transactions, IngestConfig config) {
        this.run = run;
        this.jobs = jobs;
        this.archives = archives;
        this.transactions = transactions;
        this.config = config.imports();
    }

    /// @throws InterruptedException when the process ends; the job was given back
    void run(ImportClaim claim) throws InterruptedException {
        UUID importId = claim.importId();
        long startNanos = System.nanoTime();
        LOG.infof(
                "Import started importId=%s datasetName=%s ordinal=%d",
                importId, claim.dataset().name(), claim.nextOrdinal());
        try (LeaseKeeper _ = LeaseKeeper.start(config.lease(), () -> renew(claim))) {
            work(claim);
            LOG.infof(
                    "Import ended importId=%s elapsedMillis=%d",
                    importId, (System.nanoTime() - startNanos) / 1_000_000);
        } catch (LeaseLostException lost) {
            LOG.infof("Import left to another worker importId=%s", importId);
        } catch (InterruptedException stop) {
            release(claim, Duration.ZERO, false);
            throw stop;
        } catch (ProblemException refused) {
            if (!refused.problem().is(ProblemType.DATASET_NOT_FOUND)) {
                fault(claim, refused);
            }
        } catch (ObjectNotFoundException gone) {
            LOG.errorf("Import has no archive importId=%s", importId);
            ending(
                    claim,
                    () -> transactions.call(session ->
                            jobs.fail(session, claim, "The archive is gone from object storage. Send it again.")));
        } catch (ObjectStoreException | IOException away) {
            stopIfInterrupted(claim);
            LOG.warnf("Import waits importId=%s reason=%s", importId, away);
            release(claim, RETRY_PAUSE, false);
        } catch (RuntimeException unforeseen) {
            stopIfInterrupted(claim);
            fault(claim, unforeseen);
        }
    }

    /// An interruption may show as a fault of whatever the thread was waiting for.
    private void stopIfInterrupted(ImportClaim claim) throws InterruptedException {
        if (Thread.interrupted()) {
            release(claim, Duration.ZERO, false);
            throw new InterruptedException("stopped while working on an import");
        }
    }

    private void work(ImportClaim claim) throws InterruptedException, IOException {
        Path file = archives.fetch(claim.importId());
        try {
            run.run(claim, file);
        } catch (ArchiveException refused) {
            LOG.infof("Import refused importId=%s reason=%s", claim.importId(), refused.getMessage());
            transactions.call(session -> jobs.fail(session, claim, String.valueOf(refused.getMessage())));
        } finally {
            archives.discard(file);
        }
        archives.remove(claim.importId());
    }

    private void renew(ImportClaim claim) {
        transactions.call(session -> jobs.renew(session, claim));
    }

    /// Nobody foresaw it: trying again may help, but not for ever.
    private void fault(ImportClaim claim, RuntimeException unforeseen) {
        String incidentId = UUID.randomUUID().toString();
        if (claim.failures() + 1 < config.maxFailures()) {
            LOG.warnf(
                    unforeseen,
                    "Import failed and is tried again importId=%s incidentId=%s",
                    claim.importId(),
                    incidentId);
            release(claim, RETRY_PAUSE, true);
            return;
        }
        LOG.errorf(unforeseen, "Import given up importId=%s incidentId=%s", claim.importId(), incidentId);
        String detail =
                "Something went wrong inside; the service's log says more about incident %s.".formatted(incidentId);
        ending(claim, () -> transactions.call(session -> jobs.fail(session, claim, detail)));
    }

    private void release(ImportClaim claim, Duration pause, boolean counted) {
        ending(claim, () -> transactions.call(session -> jobs.release(session, claim, pause, counted)));
    }

    /// When even this cannot be written, the lease ends by itself.
    private static void ending(ImportClaim claim, Runnable write) {
        try {
            write.run();
        } catch (RuntimeException unwritten) {
            LOG.warnf("Import stays claimed until its lease ends importId=%s reason=%s", claim.importId(), unwritten);
        }
    }
}

package dev.graft.ingest.imports;

import dev.graft.ingest.http.IdempotencyKeys;
import dev.graft.messaging.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Removes each minute what is no longer needed: archives of imports that ended without their worker seeing it,
/// uploads that never came to an end, and remembered answers.
@Singleton
class Housekeeping {
    private static final Logger LOG = Logger.getLogger(Housekeeping.class);

    private final ImportJobs jobs;
    private final ImportArchives archives;
    private final IdempotencyKeys idempotency;
    private final Transactions transactions;

    Housekeeping(ImportJobs jobs, ImportArchives archives, IdempotencyKeys idempotency, Transactions transactions) {
        this.jobs = jobs;
        this.archives = archives;
        this.idempotency = idempotency;
        this.transactions = transactions;
    }

    @Scheduled(
            identity = "ingest-housekeeping",
            every = "{graft.ingest.housekeeping.interval:60s}",
            delayed = "{graft.ingest.housekeeping.interval:60s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void run() {
        try {
            sweep();
        } catch (RuntimeException away) {
            LOG.warnf("Housekeeping waits reason=%s", away);
        }
    }

    void sweep() {
        transactions.call(jobs::expireUploads);
        for (UUID importId : transactions.call(jobs::withNeedlessArchive)) {
            archives.forget(importId);
        }
        int forgotten;
        do {
            forgotten = transactions.call(idempotency::forgetSome);
        } while (forgotten > 0);
    }
}

package dev.graft.ingest.imports;

import dev.graft.ingest.http.IdempotencyKeys;
import dev.graft.messaging.Transactions;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Removes now and then what nobody needs any more: archives of imports that ended without their worker seeing it,
/// uploads that never came to an end, and remembered answers.
@Singleton
class Housekeeping {
    private static final Logger LOG = Logger.getLogger(Housekeeping.class);
    private static final long PAUSE_SECONDS = 60;

    private final ImportJobs jobs;
    private final ImportArchives archives;
    private final IdempotencyKeys idempotency;
    private final Transactions transactions;
    private final CountDownLatch stopping = new CountDownLatch(1);

    Housekeeping(ImportJobs jobs, ImportArchives archives, IdempotencyKeys idempotency, Transactions transactions) {
        this.jobs = jobs;
        this.archives = archives;
        this.idempotency = idempotency;
        this.transactions = transactions;
    }

    void start(@Observes StartupEvent event) {
        Thread.ofVirtual().name("housekeeping").start(this::run);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping.countDown();
    }

    private void run() {
        try {
            while (!stopping.await(PAUSE_SECONDS, TimeUnit.SECONDS)) {
                try {
                    sweep();
                } catch (RuntimeException away) {
                    LOG.warnf("Housekeeping waits reason=%s", away);
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    void sweep() {
        transactions.call(jobs::expireUploads);
        for (UUID importId : transactions.call(jobs::withNeedlessArchive)) {
            archives.forget(importId);
        }
        transactions.call(idempotency::sweep);
    }
}

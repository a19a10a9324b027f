package dev.graft.trainer.run;

import java.time.Duration;
import org.jboss.logging.Logger;

/// Prolongs the lease of one run while its work goes on, three times a lease. Once the lease is lost, the work is
/// interrupted: it may be long, and nothing of it counts any more.
final class LeaseKeeper implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LeaseKeeper.class);
    private static final int RENEWALS_PER_LEASE = 3;

    private final RunStore store;
    private final LeasedRun leased;
    private final Duration interval;
    private final Thread working;
    private final Thread thread;

    /// Starts keeping the lease for the calling thread.
    LeaseKeeper(RunStore store, LeasedRun leased, Duration lease) {
        this.store = store;
        this.leased = leased;
        this.interval = lease.dividedBy(RENEWALS_PER_LEASE);
        this.working = Thread.currentThread();
        this.thread = Thread.ofVirtual().name("lease-" + leased.id()).start(this::run);
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(interval);
                if (!store.renew(leased)) {
                    working.interrupt();
                    return;
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warnf("Lease not prolonged runId=%s reason=%s", leased.id(), e);
            }
        }
    }

    /// Stops keeping. After it, the working thread is not interrupted any more.
    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

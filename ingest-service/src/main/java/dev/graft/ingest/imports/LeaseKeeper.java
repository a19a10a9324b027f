package dev.graft.ingest.imports;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Renews a lease three times in its length, until closed or lost.
final class LeaseKeeper implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LeaseKeeper.class);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Duration lease;
    private final Runnable renewal;

    private LeaseKeeper(Duration lease, Runnable renewal) {
        this.lease = lease;
        this.renewal = renewal;
    }

    /// @param renewal throws [LeaseLostException] when the lease is another's
    static LeaseKeeper start(Duration lease, Runnable renewal) {
        LeaseKeeper keeper = new LeaseKeeper(lease, renewal);
        Thread.ofVirtual().name("lease-keeper").start(keeper::keep);
        return keeper;
    }

    private void keep() {
        try {
            while (!closed.await(lease.toMillis() / 3, TimeUnit.MILLISECONDS)) {
                renew();
            }
        } catch (LeaseLostException lost) {
            LOG.debug("Lease lost");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void renew() {
        try {
            renewal.run();
        } catch (LeaseLostException lost) {
            throw lost;
        } catch (RuntimeException away) {
            LOG.warnf("Lease not renewed reason=%s", away);
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}

package dev.graft.feature;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/// Prolongs leases while their work goes on, three times a lease. When it cannot, work goes on: the fence at the commit
/// decides who was right.
public final class LeaseKeeper implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LeaseKeeper.class);
    private static final int RENEWALS_PER_LEASE = 3;

    private final Set<UUID> kept = ConcurrentHashMap.newKeySet();
    private final Consumer<Collection<UUID>> renewal;
    private final Duration interval;
    private final Thread thread;

    /// Starts keeping.
    ///
    /// @param name    names the thread
    /// @param renewal prolongs some leases by their full length
    /// @param lease   that length
    public LeaseKeeper(String name, Consumer<Collection<UUID>> renewal, Duration lease) {
        this.renewal = renewal;
        this.interval = lease.dividedBy(RENEWALS_PER_LEASE);
        this.thread = Thread.ofVirtual().name(name).start(this::run);
    }

    /// Keeps a lease from now on.
    public void keep(UUID lease) {
        kept.add(lease);
    }

    /// Stops keeping a lease.
    public void drop(UUID lease) {
        kept.remove(lease);
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(interval);
                List<UUID> leases = List.copyOf(kept);
                if (!leases.isEmpty()) {
                    renewal.accept(leases);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warnf("Leases are not prolonged leases=%d reason=%s", kept.size(), e);
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

package dev.graft.threads;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/// Renews the leases of a process, all in one call, three times in a lease. A lease that turns out to be another's is
/// reported to its holder. While renewal fails, work goes on: the fence at each write decides who was right.
///
/// @param <L> names a lease; with `equals`
public final class LeaseKeeper<L> {
    private static final Logger LOG = Logger.getLogger(LeaseKeeper.class);
    private static final int RENEWALS_PER_LEASE = 3;

    private final Map<L, Runnable> kept = new ConcurrentHashMap<>();
    private final Renewal<L> renewal;
    private final Duration interval;

    /// Renews leases by their full length.
    @FunctionalInterface
    public interface Renewal<L> {
        /// @return those that were renewed; the others are lost
        Collection<L> renew(List<L> leases);
    }

    /// Makes a keeper; [#run] keeps.
    ///
    /// @param lease the length of every lease
    public LeaseKeeper(Duration lease, Renewal<L> renewal) {
        this.renewal = renewal;
        this.interval = lease.dividedBy(RENEWALS_PER_LEASE);
    }

    /// Keeps a lease from now on.
    ///
    /// @param onLoss runs once on the keeper's thread when the lease is lost; must not block for long
    public void keep(L lease, Runnable onLoss) {
        kept.put(lease, onLoss);
    }

    /// Stops keeping a lease.
    ///
    /// @return whether it was kept until now
    public boolean drop(L lease) {
        return kept.remove(lease) != null;
    }

    /// Gives the leases that are kept now.
    public List<L> leases() {
        return List.copyOf(kept.keySet());
    }

    /// Keeps until the thread is interrupted.
    public void run() throws InterruptedException {
        while (true) {
            Thread.sleep(interval);
            List<L> leases = leases();
            if (!leases.isEmpty()) {
                renew(leases);
            }
        }
    }

    private void renew(List<L> leases) {
        try {
            List<L> lost = new ArrayList<>(leases);
            lost.removeAll(renewal.renew(leases));
            for (L lease : lost) {
                Runnable onLoss = kept.remove(lease);
                if (onLoss != null) {
                    onLoss.run();
                }
            }
        } catch (RuntimeException away) {
            LOG.warnf("Leases not renewed leases=%d reason=%s", leases.size(), away);
        }
    }
}

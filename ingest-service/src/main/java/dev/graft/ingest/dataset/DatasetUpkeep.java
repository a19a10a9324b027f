package dev.graft.ingest.dataset;

import dev.graft.messaging.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/// Folds counts, a small transaction at a time. What is to be done stands in the database alone: a crash loses nothing,
/// and replicas share the work.
@Singleton
class DatasetUpkeep {
    private static final Logger LOG = Logger.getLogger(DatasetUpkeep.class);

    private final Tallies tallies;
    private final Transactions transactions;

    DatasetUpkeep(Tallies tallies, Transactions transactions) {
        this.tallies = tallies;
        this.transactions = transactions;
    }

    @Scheduled(
            identity = "dataset-tallies",
            every = "{graft.ingest.tallies.interval:10s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void fold() {
        try {
            boolean worked = true;
            while (worked && !Thread.currentThread().isInterrupted()) {
                worked = transactions.call(tallies::fold);
            }
        } catch (RuntimeException away) {
            LOG.warnf("Counts of datasets are folded later reason=%s", away);
        }
    }
}

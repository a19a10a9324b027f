package dev.graft.ingest.dataset;

import dev.graft.messaging.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/// Removes what belonged to deleted datasets and folds counts, a small transaction at a time.
///
/// What is to be done stands in the database alone: a crash loses nothing, and replicas share the work.
@Singleton
class DatasetUpkeep {
    private static final Logger LOG = Logger.getLogger(DatasetUpkeep.class);

    private final Deletions deletions;
    private final Tallies tallies;
    private final Transactions transactions;

    DatasetUpkeep(Deletions deletions, Tallies tallies, Transactions transactions) {
        this.deletions = deletions;
        this.tallies = tallies;
        this.transactions = transactions;
    }

    @Scheduled(
            identity = "dataset-deletions",
            every = "{graft.ingest.deletions.interval:2s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void delete() {
        whileAny(deletions::advance);
    }

    @Scheduled(
            identity = "dataset-tallies",
            every = "{graft.ingest.tallies.interval:10s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void fold() {
        whileAny(tallies::fold);
    }

    private void whileAny(Function<Mutiny.Session, Uni<Boolean>> step) {
        try {
            boolean worked = true;
            while (worked && !Thread.currentThread().isInterrupted()) {
                worked = transactions.call(step);
            }
        } catch (RuntimeException away) {
            LOG.warnf("Upkeep of datasets waits reason=%s", away);
        }
    }
}

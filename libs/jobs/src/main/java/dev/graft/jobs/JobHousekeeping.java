package dev.graft.jobs;

import dev.graft.messaging.Transactions;
import dev.graft.threads.SupervisedThreads;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Counts the open jobs for the meters, and removes what nobody needs any more: news that are an hour old, jobs
/// that ended a week ago (their domain's rows stay), and turns of owners who have no job. The thread is
/// supervised, so that liveness shows its end, and services need no scheduler for it.
@ApplicationScoped
class JobHousekeeping {
    private static final Logger LOG = Logger.getLogger(JobHousekeeping.class);
    private static final Duration COUNT_INTERVAL = Duration.ofSeconds(5);
    private static final int COUNTS_PER_SWEEP = 60;
    private static final Duration NEWS_KEPT = Duration.ofHours(1);
    private static final Duration JOBS_KEPT = Duration.ofDays(7);
    private static final Duration TURNS_KEPT = Duration.ofDays(1);

    /// A job takes its news with it.
    private static final int ROWS_PER_TRANSACTION = 1_000;

    private final Transactions transactions;
    private final JobMetrics metrics;
    private final SupervisedThreads threads;
    private final Instance<JobHandler> handlers;
    private SupervisedThreads.@Nullable Supervised thread;

    JobHousekeeping(
            Transactions transactions,
            JobMetrics metrics,
            SupervisedThreads threads,
            @Any Instance<JobHandler> handlers) {
        this.transactions = transactions;
        this.metrics = metrics;
        this.threads = threads;
        this.handlers = handlers;
    }

    void start(@Observes StartupEvent event) {
        handlers.forEach(handler -> metrics.register(handler.kind().name()));
        thread = threads.virtual("job-housekeeping", this::run);
    }

    void stop(@Observes @Priority(0) ShutdownEvent event) {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void run() throws InterruptedException {
        for (int turn = 1; ; turn++) {
            try {
                count();
                if (turn % COUNTS_PER_SWEEP == 0) {
                    sweep(NEWS_KEPT, JOBS_KEPT);
                }
            } catch (RuntimeException away) {
                LOG.debugf("Jobs not counted reason=%s", away);
            }
            Thread.sleep(COUNT_INTERVAL);
        }
    }

    void count() {
        Map<String, JobMetrics.Figures> figures = new HashMap<>();
        for (Object[] row : transactions.call(session ->
                session.createNativeQuery(JobStatements.FIGURES, Object[].class).getResultList())) {
            figures.put(
                    (String) row[0],
                    new JobMetrics.Figures(
                            JobRows.number(row[1]), JobRows.number(row[2]), ((Number) row[3]).doubleValue()));
        }
        metrics.figures(figures);
    }

    /// Deletes all there is to delete, a bounded number of rows in each transaction.
    void sweep(Duration newsKept, Duration jobsKept) {
        long news = delete(JobStatements.FORGET_NEWS, newsKept);
        long jobs = delete(JobStatements.FORGET_JOBS, jobsKept);
        long turns = delete(JobStatements.FORGET_TURNS, TURNS_KEPT);
        LOG.debugf("Swept news=%d jobs=%d turns=%d", news, jobs, turns);
    }

    private long delete(String someRows, Duration kept) {
        long deleted = 0;
        int some;
        do {
            some = transactions.call(session -> session.createNativeQuery(someRows)
                    .setParameter("millis", kept.toMillis())
                    .setParameter("rows", ROWS_PER_TRANSACTION)
                    .executeUpdate());
            deleted += some;
        } while (some == ROWS_PER_TRANSACTION);
        return deleted;
    }
}

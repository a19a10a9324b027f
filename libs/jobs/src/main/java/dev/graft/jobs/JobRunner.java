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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Runs the jobs of every kind that the service has a [JobHandler] for: some threads for each kind, woken by
/// notifications, and one that renews the leases of the kind.
@ApplicationScoped
public class JobRunner {
    private static final Logger LOG = Logger.getLogger(JobRunner.class);
    private static final Duration DRAIN = Duration.ofSeconds(8);
    private static final Duration LOOK = Duration.ofMillis(400);

    private final List<KindRunner> runners = new ArrayList<>();
    private final List<SupervisedThreads.Supervised> workers = new ArrayList<>();
    private final List<SupervisedThreads.Supervised> keepers = new ArrayList<>();
    private final SupervisedThreads threads;
    private final JobNotifications notifications;
    private volatile boolean cancellationsMissed;

    JobRunner(
            @Any Instance<JobHandler> handlers,
            Jobs jobs,
            JobRows rows,
            Transactions transactions,
            JobMetrics metrics,
            SupervisedThreads threads,
            JobNotifications notifications) {
        this.threads = threads;
        this.notifications = notifications;
        String worker = UUID.randomUUID().toString();
        for (JobHandler handler : handlers) {
            runners.add(new KindRunner(handler, worker, jobs, rows, transactions, metrics));
        }
    }

    void start(@Observes @Priority(10_000) StartupEvent event) {
        notifications.add(new Wakes());
        for (KindRunner runner : runners) {
            String name = runner.kind().name();
            keepers.add(threads.virtual(name + "-leases", runner.keeper()::run));
            for (int i = 0; i < runner.kind().workers(); i++) {
                // Of the platform, as native code of long breath would pin a virtual one.
                workers.add(threads.platform(name + "-worker-" + i, runner::run));
            }
        }
        keepers.add(threads.virtual("job-watch", this::watch));
    }

    /// While notifications do not arrive, and once when they arrive again, cancellations are looked for.
    private void watch() throws InterruptedException {
        // A thread that was started again does not know what the one before it missed.
        cancellationsMissed = true;
        while (true) {
            Thread.sleep(LOOK);
            if (cancellationsMissed || !notifications.isListening()) {
                cancellationsMissed = false;
                try {
                    runners.forEach(KindRunner::look);
                } catch (RuntimeException away) {
                    cancellationsMissed = true;
                    LOG.debugf("Cancellations not looked for reason=%s", away);
                }
            }
        }
    }

    private final class Wakes implements JobNotifications.Listener {
        @Override
        public void queued(String kind) {
            runners.stream().filter(runner -> runner.kind().name().equals(kind)).forEach(KindRunner::arrived);
        }

        @Override
        public void cancelled(String jobId) {
            runners.forEach(runner -> runner.cancelled(jobId));
        }

        @Override
        public void published(String jobId) {
            // For followers only.
        }

        @Override
        public void missed() {
            runners.forEach(KindRunner::arrived);
            cancellationsMissed = true;
        }
    }

    /// Takes the next job of a kind for the calling thread: for processes that work by themselves, and for tests.
    public Optional<Attempt> claim(String kind) {
        return runner(kind).claim();
    }

    /// Works on a job that [#claim] gave, with the calling thread, and settles how it ended.
    ///
    /// @throws InterruptedException when the service stops
    public void work(Attempt attempt) throws InterruptedException {
        runner(attempt.handler().kind().name()).work(attempt);
    }

    private KindRunner runner(String kind) {
        return runners.stream()
                .filter(runner -> runner.kind().name().equals(kind))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("nothing handles jobs of kind " + kind));
    }

    /// Lets go of the jobs under work, which other processes then take up.
    void stop(@Observes @Priority(1_000) ShutdownEvent event) throws InterruptedException {
        runners.forEach(KindRunner::stop);
        long deadlineNanos = System.nanoTime() + DRAIN.toNanos();
        for (SupervisedThreads.Supervised worker : workers) {
            worker.stop(Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime())));
        }
        keepers.forEach(SupervisedThreads.Supervised::interrupt);
    }
}

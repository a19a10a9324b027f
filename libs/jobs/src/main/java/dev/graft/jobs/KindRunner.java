package dev.graft.jobs;

import dev.graft.events.Backoff;
import dev.graft.messaging.DatabaseAwayException;
import dev.graft.messaging.Transactions;
import dev.graft.threads.LeaseKeeper;
import dev.graft.threads.Signal;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/// Works on the jobs of one kind in this process.
final class KindRunner {
    private static final Logger LOG = Logger.getLogger(KindRunner.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);

    private final JobHandler handler;
    private final JobKind kind;
    private final String worker;
    private final Jobs jobs;
    private final JobRows rows;
    private final Transactions transactions;
    private final JobMetrics metrics;
    private final LeaseKeeper<Claim.Fence> keeper;
    private final Map<Claim.Fence, Attempt> attempts = new ConcurrentHashMap<>();
    private final Signal arrivals = new Signal();
    private volatile boolean stopping;

    KindRunner(
            JobHandler handler, String worker, Jobs jobs, JobRows rows, Transactions transactions, JobMetrics metrics) {
        this.handler = handler;
        this.kind = handler.kind();
        this.worker = worker;
        this.jobs = jobs;
        this.rows = rows;
        this.transactions = transactions;
        this.metrics = metrics;
        this.keeper = new LeaseKeeper<>(
                kind.lease(), leases -> transactions.call(session -> rows.renew(session, leases, kind.lease())));
    }

    JobKind kind() {
        return kind;
    }

    LeaseKeeper<Claim.Fence> keeper() {
        return keeper;
    }

    void arrived() {
        arrivals.raise();
    }

    /// Ends the attempt at a job that was cancelled.
    void cancelled(String jobId) {
        attempts.forEach((fence, attempt) -> {
            if (fence.jobId().equals(jobId)) {
                attempt.end(Attempt.Over.CANCELLED);
            }
        });
    }

    /// Looks whether the jobs under work are still this process's; needed while notifications do not arrive.
    void look() {
        List<Claim.Fence> held = List.copyOf(attempts.keySet());
        if (held.isEmpty()) {
            return;
        }
        List<Claim.Fence> live = transactions.call(session -> rows.live(session, held));
        held.stream().filter(fence -> !live.contains(fence)).forEach(fence -> {
            Attempt attempt = attempts.get(fence);
            if (attempt != null) {
                attempt.end(Attempt.Over.CANCELLED);
            }
        });
    }

    /// Works until the thread is to stop.
    void run() throws InterruptedException {
        Backoff backoff = new Backoff();
        while (!stopping) {
            try {
                Optional<Attempt> attempt = claim();
                if (attempt.isPresent()) {
                    work(attempt.get());
                } else {
                    boolean unused = arrivals.await(kind.poll());
                }
                backoff.reset();
            } catch (RuntimeException away) {
                if (stopping) {
                    return;
                }
                LOG.warnf("Jobs wait kind=%s reason=%s", kind.name(), away);
                backoff.pause();
            }
        }
    }

    /// Takes the next job. Those that ended their processes too often are given up on the way.
    Optional<Attempt> claim() {
        while (true) {
            // Alone in its transaction: that it was claimed counts, and its owner's turn is over, whatever fails next.
            Optional<Claim> claim = transactions.call(session -> rows.claim(session, kind, worker));
            if (claim.isEmpty()) {
                return Optional.empty();
            }
            Attempt attempt = new Attempt(claim.get(), handler, jobs, rows, transactions);
            if (claim.get().attempts() <= kind.maxAttempts()) {
                metrics.attempted(kind.name());
                // Another worker may find the next one.
                arrivals.raise();
                return Optional.of(attempt);
            }
            giveUp(attempt);
        }
    }

    private void giveUp(Attempt attempt) {
        Claim claim = attempt.claim();
        int tries = claim.attempts() - 1;
        int deaths = tries - claim.faults();
        LOG.errorf("Job given up kind=%s jobId=%s attempts=%d deaths=%d", kind.name(), claim.jobId(), tries, deaths);
        attempt.fail(
                "The process that worked on it ended %d of %d times (killed, out of memory or crashed). It is not tried again."
                        .formatted(deaths, tries));
        metrics.ended(kind.name(), JobMetrics.Outcome.GIVEN_UP, Duration.ZERO);
    }

    /// Works on a job with the calling thread, and settles how it ended.
    void work(Attempt attempt) throws InterruptedException {
        Claim.Fence fence = attempt.claim().fence();
        long startNanos = System.nanoTime();
        attempts.put(fence, attempt);
        keeper.keep(fence, () -> attempt.end(Attempt.Over.LOST));
        LOG.infof("Job begins kind=%s jobId=%s attempt=%d", kind.name(), attempt.jobId(), attempt.number());
        JobMetrics.Outcome outcome = JobMetrics.Outcome.RETRIED;
        Throwable fault = null;
        try {
            attempt.begin();
            if (stopping) {
                attempt.end(Attempt.Over.STOPPING);
            }
            attempt.noteBegun();
            handler.run(attempt);
            if (!attempt.isEnded()) {
                Void unused = attempt.succeed(session -> Uni.createFrom().voidItem());
            }
        } catch (Throwable thrown) {
            fault = thrown;
        } finally {
            attempt.finish();
            // What interrupted the work had its effect; the statements below must not be disturbed by it.
            boolean unused = Thread.interrupted();
            attempts.remove(fence);
            boolean alsoUnused = keeper.drop(fence);
        }
        try {
            outcome = fault == null ? JobMetrics.Outcome.SUCCEEDED : settle(attempt, fault);
        } catch (AttemptOverException lost) {
            outcome = JobMetrics.Outcome.LEFT;
        } catch (RuntimeException away) {
            LOG.warnf("Job stays claimed until its lease ends jobId=%s reason=%s", attempt.jobId(), away);
        }
        Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
        metrics.ended(kind.name(), outcome, elapsed);
        LOG.infof(
                "Job ends kind=%s jobId=%s outcome=%s elapsedMillis=%d",
                kind.name(), attempt.jobId(), outcome, elapsed.toMillis());
        if (stopping) {
            throw new InterruptedException("the service stops");
        }
    }

    private JobMetrics.Outcome settle(Attempt attempt, Throwable fault) throws InterruptedException {
        if (attempt.isEnded()) {
            LOG.warnf(fault, "Job ended, and then something failed jobId=%s", attempt.jobId());
            return JobMetrics.Outcome.SUCCEEDED;
        }
        Attempt.Over over = attempt.over().orElse(null);
        if (stopping || over == Attempt.Over.STOPPING) {
            release(attempt, Duration.ZERO, false);
            return JobMetrics.Outcome.LEFT;
        }
        if (over != null || fault instanceof AttemptOverException) {
            return over == Attempt.Over.CANCELLED ? JobMetrics.Outcome.CANCELLED : JobMetrics.Outcome.LEFT;
        }
        return switch (fault) {
            case JobFailedException failed -> {
                LOG.infof("Job failed jobId=%s reason=%s", attempt.jobId(), failed.reason());
                attempt.fail(failed.reason());
                yield JobMetrics.Outcome.FAILED;
            }
            case TryLaterException later -> {
                LOG.warnf("Job waits jobId=%s reason=%s", attempt.jobId(), later.getMessage());
                release(attempt, later.pause(), false);
                yield JobMetrics.Outcome.RETRIED;
            }
            default -> brokenOff(attempt, fault);
        };
    }

    private JobMetrics.Outcome brokenOff(Attempt attempt, Throwable fault) throws InterruptedException {
        Optional<DatabaseAwayException> away =
                DatabaseAwayException.in(fault).filter(found -> !found.isByStatementDeadline());
        if (away.isEmpty()) {
            return unforeseen(attempt, fault);
        }
        LOG.warnf("Job waits jobId=%s reason=%s", attempt.jobId(), away.get().getMessage());
        releaseOnceDatabaseIsBack(attempt);
        return JobMetrics.Outcome.RETRIED;
    }

    /// An unexpected fault: it is tried again a bounded number of times.
    private JobMetrics.Outcome unforeseen(Attempt attempt, Throwable fault) {
        String incidentId = UUID.randomUUID().toString();
        LOG.errorf(
                fault,
                "Job broke off jobId=%s attempt=%d incidentId=%s",
                attempt.jobId(),
                attempt.number(),
                incidentId);
        if (attempt.number() < kind.maxAttempts()) {
            release(attempt, FIRST_PAUSE.multipliedBy(1L << (attempt.number() - 1)), true);
            return JobMetrics.Outcome.RETRIED;
        }
        attempt.fail("It broke off %d times, the last time by %s; the service's log says more about incident %s."
                .formatted(attempt.number(), FaultWords.of(fault), incidentId));
        return JobMetrics.Outcome.GIVEN_UP;
    }

    private void release(Attempt attempt, Duration pause, boolean counted) {
        Optional<Long> unused = transactions.call(
                session -> rows.release(session, attempt.claim().fence(), pause, counted));
    }

    /// An attempt that is not given back counts as the end of a process once its lease is over.
    private void releaseOnceDatabaseIsBack(Attempt attempt) throws InterruptedException {
        Backoff backoff = new Backoff();
        while (true) {
            try {
                release(attempt, FIRST_PAUSE, false);
                return;
            } catch (DatabaseAwayException away) {
                if (stopping) {
                    throw away;
                }
                backoff.pause();
            }
        }
    }

    /// Takes no more jobs, and interrupts the work on those it has, which are given back.
    void stop() {
        stopping = true;
        attempts.values().forEach(attempt -> attempt.end(Attempt.Over.STOPPING));
        arrivals.raise();
    }
}

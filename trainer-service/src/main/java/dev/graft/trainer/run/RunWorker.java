package dev.graft.trainer.run;

import dev.graft.networks.weights.MalformedWeightsException;
import dev.graft.problem.Problem;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.trainer.TrainerConfig;
import dev.graft.trainer.embedding.UnusableEmbeddingsException;
import dev.graft.trainer.head.NotFiniteException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Works on runs, one at a time in this process: a training uses all processors anyway, and memory stays bounded.
@ApplicationScoped
public class RunWorker {
    private static final Logger LOG = Logger.getLogger(RunWorker.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration DRAIN = Duration.ofSeconds(8);
    /// A fault that is nobody else's is tried so often.
    private static final int ATTEMPTS = 3;

    private final RunStore store;
    private final RunExecution execution;
    private final TrainerConfig config;
    private final Signal signal = new Signal();
    private volatile boolean stopping;
    private @Nullable Thread thread;

    RunWorker(RunStore store, RunExecution execution, TrainerConfig config) {
        this.store = store;
        this.execution = execution;
        this.config = config;
    }

    /// Says that there may be something to do.
    void wake() {
        signal.raise();
    }

    void start(@Observes StartupEvent event) {
        // A platform thread, as native code of long breath would pin a virtual one.
        thread = Thread.ofPlatform().name("run-worker").daemon().start(this::run);
    }

    /// Lets go of the run under work, which another process then takes up.
    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        Thread working = thread;
        if (working != null) {
            working.interrupt();
            if (!working.join(DRAIN)) {
                LOG.warnf("Work does not stop elapsedMillis=%d", DRAIN.toMillis());
            }
        }
    }

    private void run() {
        int failures = 0;
        while (!stopping) {
            try {
                Optional<LeasedRun> leased = store.claim();
                failures = 0;
                if (leased.isPresent()) {
                    work(leased.get());
                } else {
                    signal.await(config.poll());
                }
            } catch (InterruptedException e) {
                // Either the service stops, or a lease was lost just when its work ended.
                LOG.debug("Worker was interrupted");
            } catch (RuntimeException e) {
                failures++;
                LOG.warnf("Runs wait attempt=%d reason=%s", failures, e);
                pause(failures);
            }
        }
    }

    private void pause(int failures) {
        try {
            Thread.sleep(pauseAfter(failures));
        } catch (InterruptedException e) {
            LOG.debug("Worker was interrupted");
        }
    }

    private void work(LeasedRun leased) {
        LOG.infof("Run taken up runId=%s datasetName=%s", leased.id(), leased.run().dataset);
        Outcome outcome;
        try (LeaseKeeper keeper = new LeaseKeeper(store, leased, config.lease())) {
            outcome = attempt(leased);
        }
        // What interrupted the work has had its effect; the statements below must not be disturbed by it.
        boolean interrupted = Thread.interrupted();
        switch (outcome) {
            case Outcome.Done() -> LOG.debugf("Run ended runId=%s", leased.id());
            case Outcome.Impossible(Problem problem) -> {
                LOG.infof("Run failed runId=%s detail=%s", leased.id(), problem.detail());
                store.fail(leased, problem);
            }
            case Outcome.Postponed(int failures) ->
                store.release(
                        leased,
                        failures,
                        stopping || interrupted ? Duration.ZERO : pauseAfter(leased.run().failures + 1));
        }
    }

    private sealed interface Outcome {
        /// Ended, or not this process's any more.
        record Done() implements Outcome {}

        record Impossible(Problem problem) implements Outcome {}

        record Postponed(int failures) implements Outcome {}
    }

    private Outcome attempt(LeasedRun leased) {
        try {
            execution.execute(leased);
            return new Outcome.Done();
        } catch (LeaseLostException e) {
            LOG.infof("Run left runId=%s", leased.id());
            return new Outcome.Done();
        } catch (CancellationException e) {
            return new Outcome.Postponed(0);
        } catch (ProblemException e) {
            return e.problem().status() < 500 ? new Outcome.Impossible(e.problem()) : postponed(leased, e);
        } catch (NotFiniteException e) {
            return new Outcome.Impossible(Problem.of(
                    ProblemType.TRAINING_FAILED,
                    "The training came to nothing: %s. A smaller learningRate, or another optimizer, may help."
                            .formatted(e.getMessage())));
        } catch (UnusableEmbeddingsException | MalformedWeightsException e) {
            LOG.errorf(e, "Run cannot go on runId=%s", leased.id());
            return new Outcome.Impossible(
                    Problem.of(ProblemType.TRAINING_FAILED, "Stored data is damaged: %s".formatted(e.getMessage())));
        } catch (RuntimeException | Error e) {
            return stopping
                    ? new Outcome.Postponed(0)
                    : RunFaults.mayPass(e) ? postponed(leased, e) : broken(leased, e);
        }
    }

    private static Outcome postponed(LeasedRun leased, Throwable fault) {
        LOG.warnf("Run waits runId=%s reason=%s", leased.id(), fault);
        return new Outcome.Postponed(0);
    }

    private static Outcome broken(LeasedRun leased, Throwable fault) {
        LOG.errorf(fault, "Run broke off runId=%s attempt=%d", leased.id(), leased.run().failures + 1);
        return leased.run().failures + 1 < ATTEMPTS
                ? new Outcome.Postponed(1)
                : new Outcome.Impossible(Problem.of(
                        ProblemType.TRAINING_FAILED,
                        "The training broke off %d times; the trainer service's log says more about run %s."
                                .formatted(ATTEMPTS, leased.id())));
    }

    private static Duration pauseAfter(int failures) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 10));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}

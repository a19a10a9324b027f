package dev.graft.trainer.dataset;

import io.smallrye.faulttolerance.api.Guard;
import jakarta.inject.Singleton;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.FaultToleranceException;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/// Calls the ingest service. It takes long to freeze a large dataset, so that a deadline for the answer cannot
/// show whether the service is away: while an answer is awaited, the service is asked whether it is alive. A
/// call to one that is not fails within five seconds, and after a few such calls at once.
@Singleton
class IngestCalls {
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final int CALLS_JUDGED = 4;
    private static final long REST_MILLIS = 1_000;

    private final IngestHealth health;
    private final Guard guard = Guard.create()
            .withDescription("ingest service")
            .withCircuitBreaker()
            .requestVolumeThreshold(CALLS_JUDGED)
            .failureRatio(1)
            .delay(REST_MILLIS, ChronoUnit.MILLIS)
            .failOn(ProcessingException.class)
            .done()
            .build();

    IngestCalls(@RestClient IngestHealth health) {
        this.health = health;
    }

    /// Gives the answer to a question.
    ///
    /// @throws WebApplicationException when the service refuses it
    /// @throws ProcessingException when the service does not answer
    DatasetVersion ask(Supplier<DatasetVersion> question) {
        try {
            return guard.get(() -> watched(question), DatasetVersion.class);
        } catch (FaultToleranceException e) {
            throw new ProcessingException("the ingest service did not answer a moment ago", e);
        }
    }

    private DatasetVersion watched(Supplier<DatasetVersion> question) {
        FutureTask<DatasetVersion> task = new FutureTask<>(question::get);
        Thread thread = Thread.ofVirtual().name("ingest-call").start(task);
        try {
            while (true) {
                try {
                    return task.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException stillUnderWay) {
                    requireAlive();
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException fault ? fault : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProcessingException("interrupted while the ingest service was asked", e);
        } finally {
            thread.interrupt();
        }
    }

    /// Any answer will do: what is wrong with a service that answers is for itself to say.
    private void requireAlive() {
        try {
            health.live();
        } catch (WebApplicationException alive) {
            return;
        }
    }
}

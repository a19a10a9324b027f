package dev.graft.predict.prediction;

import dev.graft.predict.PredictConfig;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/// Bounds how many requests, and how many of their bytes, are in memory at one moment. Who comes when it is
/// full is asked to come back, at once. (A bulkhead of SmallRye Fault Tolerance counts calls; what fills the
/// memory is bytes.)
@Singleton
public class Admission {
    private final int maxRequests;
    private final long maxBytes;
    private int requests;
    private long bytes;

    @Inject
    Admission(PredictConfig config) {
        this(config.maxRequests(), config.maxRequestBytes());
    }

    Admission(int maxRequests, long maxBytes) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
    }

    /// The right to be under way; closed at the end of the request.
    public interface Ticket extends AutoCloseable {
        @Override
        void close();
    }

    /// Admits a request.
    ///
    /// @param sizeBytes how many bytes of it will be held in memory, at most
    /// @throws ProblemException [ProblemType#TOO_BUSY] when there is no room
    public synchronized Ticket admit(long sizeBytes) {
        // A request larger than all the room is let in alone.
        boolean fits = bytes == 0 || bytes + sizeBytes <= maxBytes;
        if (requests >= maxRequests || !fits) {
            throw new ProblemException(
                    ProblemType.TOO_BUSY, "As many requests as can be handled are under way. Come back in a second.");
        }
        requests++;
        bytes += sizeBytes;
        return () -> release(sizeBytes);
    }

    private synchronized void release(long sizeBytes) {
        requests--;
        bytes -= sizeBytes;
    }
}

package dev.graft.ingest.intake;

import dev.graft.ingest.IngestConfig;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Bounds what files sent, shown or tried one by one take of the memory together. A request that comes when it
/// is used up waits for its turn, a few seconds at most. (Imports bound themselves by their chunks; decoding
/// has a budget of its own. A bulkhead of SmallRye Fault Tolerance counts calls; what fills the memory is bytes.)
@Singleton
public class HeldFiles {
    private static final int UNIT_BYTES = 1 << 10;
    private static final Duration MAX_WAIT = Duration.ofSeconds(4);

    private final Semaphore units;
    private final int allUnits;
    private final Duration maxWait;

    @Inject
    HeldFiles(IngestConfig config) {
        this(Math.max(config.maxHeldSizeBytes(), config.decode().maxFileSizeBytes()), MAX_WAIT);
    }

    /// @param maxSizeBytes of all files together; one that is larger takes all of it
    /// @param maxWait      how long a request waits for its turn
    HeldFiles(long maxSizeBytes, Duration maxWait) {
        this.allUnits = units(maxSizeBytes);
        this.units = new Semaphore(allUnits, true);
        this.maxWait = maxWait;
    }

    /// Waits until there is room for a file, which has arrived completely: no other request waits for its
    /// sender.
    ///
    /// @return the room, to be closed when the file's bytes are no longer needed
    /// @throws ProblemException [ProblemType#TOO_BUSY] when there is none in time
    public Room room(long sizeBytes) throws InterruptedException {
        int needed = Math.min(allUnits, units(sizeBytes));
        if (!units.tryAcquire(needed, maxWait.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new ProblemException(
                    ProblemType.TOO_BUSY, "As many files as can be handled are under way. Send the file again.");
        }
        return () -> units.release(needed);
    }

    private static int units(long sizeBytes) {
        return Math.toIntExact((sizeBytes + UNIT_BYTES - 1) / UNIT_BYTES);
    }

    /// Room for one file.
    public interface Room extends AutoCloseable {
        @Override
        void close();
    }
}

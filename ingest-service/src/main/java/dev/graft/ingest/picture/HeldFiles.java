package dev.graft.ingest.picture;

import dev.graft.ingest.IngestConfig;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Bounds what files sent, shown or tried one by one take of the memory together. Whoever comes when it is used up
/// waits for the turn, a few seconds at most. (Imports bound themselves by their chunks; decoding has a budget of its
/// own.)
@Singleton
public class HeldFiles {
    private static final int UNIT_BYTES = 1 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final Semaphore units;
    private final int allUnits;

    HeldFiles(IngestConfig config) {
        allUnits = units(Math.max(config.maxHeldSizeBytes(), config.decode().maxFileSizeBytes()));
        units = new Semaphore(allUnits, true);
    }

    /// Waits until there is room for a file, which is all here: nobody else waits for its sender.
    ///
    /// @return the room, to be closed when the file's bytes are no longer needed
    /// @throws ProblemException [ProblemType#TOO_BUSY] when there is none in time
    public Room room(long sizeBytes) throws InterruptedException {
        int needed = Math.min(allUnits, units(sizeBytes));
        if (!units.tryAcquire(needed, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new ProblemException(
                    ProblemType.TOO_BUSY, "As many files as can be handled are under way. Send the file again.");
        }
        return () -> units.release(needed);
    }

    private static int units(long sizeBytes) {
        return (int) ((sizeBytes + UNIT_BYTES - 1) / UNIT_BYTES);
    }

    /// Room for one file.
    public interface Room extends AutoCloseable {
        @Override
        void close();
    }
}

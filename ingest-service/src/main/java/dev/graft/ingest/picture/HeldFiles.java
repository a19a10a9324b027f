package dev.graft.ingest.picture;

import dev.graft.ingest.IngestConfig;
import jakarta.inject.Singleton;
import java.util.concurrent.Semaphore;

/// Bounds what files sent, shown or tried one by one take of the memory together. Whoever comes when it is used up
/// waits for the turn. (Imports bound themselves by their chunks.)
@Singleton
public class HeldFiles {
    private static final int UNIT_BYTES = 1 << 10;

    private final Semaphore units;
    private final int allUnits;

    HeldFiles(IngestConfig config) {
        allUnits = units(Math.max(config.maxHeldSizeBytes(), config.decode().maxFileSizeBytes()));
        units = new Semaphore(allUnits, true);
    }

    /// Waits until there is room for a file.
    ///
    /// @return the room, to be closed when the file's bytes are no longer needed
    public Room room(long sizeBytes) throws InterruptedException {
        int needed = Math.min(allUnits, units(sizeBytes));
        units.acquire(needed);
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

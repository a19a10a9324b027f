package dev.graft.ingest;

import dev.graft.vision.DecodeLimits;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// Settings of the ingest service, `graft.ingest.*`.
@ConfigMapping(prefix = "graft.ingest")
public interface IngestConfig {

    /// What an image may cost.
    Decode decode();

    /// What an archive may cost.
    Archives archives();

    /// How imports run.
    Imports imports();

    /// Where bodies wait on disk, each process's in a folder of its own; absent: the system's folder for
    /// temporary files.
    Optional<Path> temporaryDirectory();

    /// Greatest size of all archives and single images together that a process keeps there; one that goes
    /// beyond it is refused, or tried again, until others are gone. An archive of the greatest size fits where
    /// it is alone. Files of forms are not among them: how many there are follows from the bound of requests
    /// with a body.
    @WithDefault("77309411328")
    long maxTemporarySizeBytes();

    /// Greatest size of all files together that are held in memory because they were sent, shown or tried again
    /// one by one; a request that goes beyond it waits. At least one file of the greatest size always fits.
    @WithDefault("50331648")
    long maxHeldSizeBytes();

    /// How long the answer to a request with an `Idempotency-Key` is remembered.
    @WithDefault("24h")
    Duration idempotencyRetention();

    /// Limits of images. They can be lowered only: the other services decode what this one takes in, within the
    /// limits that stand here.
    interface Decode {
        /// Greatest size of a file.
        @WithDefault("20971520")
        int maxFileSizeBytes();

        /// Greatest product of width and height.
        @WithDefault("100000000")
        long maxPixels();

        /// Greatest width and height.
        @WithDefault("20000")
        int maxSidePixels();

        /// Threads that decode for requests, and as many for imports; absent: one a processor.
        OptionalInt threads();

        /// Gives the limits to the decoder.
        default DecodeLimits limits() {
            return new DecodeLimits(maxFileSizeBytes(), maxPixels(), maxSidePixels());
        }
    }

    /// Limits of archives.
    interface Archives {
        /// Greatest size of an archive as it is sent.
        @WithDefault("68719476736")
        long maxSizeBytes();

        /// Greatest size of all entries unpacked.
        @WithDefault("274877906944")
        long maxUnpackedBytes();

        /// Greatest number of entries.
        @WithDefault("1000000")
        int maxEntries();
    }

    /// Settings of import jobs.
    interface Imports {
        /// Imports that this process runs at one moment.
        @WithDefault("2")
        int workers();

        /// Files whose rows are written in one transaction. Fewer make small pictures wait for transactions: with 64,
        /// 20,000 of 3 kB took 79 s instead of 65 on two cores.
        @WithDefault("256")
        int filesPerChunk();

        /// Bytes of files after which a chunk ends earlier.
        @WithDefault("8388608")
        long bytesPerChunk();

        /// Objects stored at one moment, by all imports of this process.
        @WithDefault("16")
        int concurrentPuts();

        /// How long a worker that does not renew its lease keeps its job.
        @WithDefault("10s")
        Duration lease();

        /// How often a worker without a job looks for one.
        @WithDefault("1s")
        Duration pollInterval();

        /// How many times in a row a job may be begun without coming further before the file at which it stands
        /// is refused unread.
        @WithDefault("3")
        int maxAttempts();

        /// How long an upload that never ended is kept.
        @WithDefault("1h")
        Duration uploadTimeout();

        /// How often followers of an import get a comment while nothing changes, so that the connection stays
        /// open.
        @WithDefault("10s")
        Duration heartbeat();

        /// How many of the refused files an import's view lists; `GET /v1/rejects` lists all.
        @WithDefault("1000")
        int listedRejects();
    }
}

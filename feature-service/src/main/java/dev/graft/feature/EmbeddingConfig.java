package dev.graft.feature;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// Says how embeddings are computed.
@ConfigMapping(prefix = "graft.embedding")
public interface EmbeddingConfig {
    /// Whether each new image is embedded with the default backbone as soon as it is ingested. Otherwise only jobs
    /// cause work.
    @WithDefault("true")
    boolean onIngest();

    /// Whether this replica computes. One that does not still takes events, plans jobs and answers requests.
    @WithDefault("true")
    boolean worker();

    /// How many threads decode images and run the network; absent: one for each processor.
    OptionalInt threads();

    /// The most images that go through the network together; absent: as many as are fast on the device.
    OptionalInt batchSize();

    /// How long a worker should compute between two commits. The size of its next chunk follows from its speed.
    @WithDefault("1500ms")
    Duration chunkTime();

    /// The most images of a chunk, which is what one lease, one segment and one transaction cover.
    @WithDefault("256")
    int maxChunkImages();

    /// The largest matrix of a chunk.
    @WithDefault("32M")
    MemorySize maxSegmentSize();

    /// How many networks stay open, those in use among them; more only while all are in use.
    @WithDefault("4")
    int maxOpenExtractors();

    /// Memory outside the heap that a network and the images in it may take, and that all networks together may
    /// take which stay open; more only while all are in use. Absent: half of what the machine, or the
    /// container, has besides the heap.
    Optional<MemorySize> nativeMemory();

    /// How many encoded bytes may be fetched and wait to be decoded; no more are fetched before.
    @WithDefault("64M")
    MemorySize prefetch();

    /// How many images are fetched at the same time.
    @WithDefault("8")
    int fetchers();

    /// How long a claim outlives its worker's last sign of life.
    @WithDefault("10s")
    Duration lease();

    /// How long a stopping service finishes what it has begun; what is not committed then is handed back.
    @WithDefault("4s")
    Duration drain();

    /// How often work that other replicas left is looked for, and progress is published.
    @WithDefault("500ms")
    Duration tick();

    /// Gives the number of threads.
    default int computeThreads() {
        return threads().orElse(Runtime.getRuntime().availableProcessors());
    }
}

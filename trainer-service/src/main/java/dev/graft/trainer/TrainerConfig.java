package dev.graft.trainer;

import dev.graft.networks.inference.ProcessMemory;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// Says how runs are worked on.
@ConfigMapping(prefix = "graft.training")
public interface TrainerConfig {
    /// Threads of one training; absent: one for every processor. The head does not depend on it.
    OptionalInt parallelism();

    /// Memory outside the heap that one training may take, such as 2G; absent: half of what the machine, or the
    /// container, has besides the heap.
    Optional<MemorySize> nativeMemory();

    /// Gives the memory outside the heap that one training may take.
    default long nativeBytes() {
        return nativeMemory().map(MemorySize::asLongValue).orElseGet(ProcessMemory::halfBesidesTheHeapBytes);
    }

    /// Room on disk that one run may take for what leaves the frozen part of a backbone while the rest is fine-tuned.
    @WithDefault("6G")
    MemorySize rowsSize();

    /// How many runs a process works on at one moment; 0: it answers requests, and others train.
    @WithDefault("1")
    int workers();

    /// How long a run stays with a process that does not answer.
    @WithDefault("15s")
    Duration lease();

    /// The longest pause before looking for runs, should a notification be lost.
    @WithDefault("1s")
    Duration poll();

    /// The shortest time between two reports of progress.
    @WithDefault("300ms")
    Duration progressInterval();

    /// The pause between two signs of life on an event stream.
    @WithDefault("10s")
    Duration heartbeat();
}

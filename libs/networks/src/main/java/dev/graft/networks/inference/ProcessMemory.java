package dev.graft.networks.inference;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// Knows what memory this process may take outside its heap.
public final class ProcessMemory {
    private ProcessMemory() {}

    /// Returns half of what the machine, or the container, has besides the heap; the JVM knows the bound of its
    /// container, where there is one. The other half is for the JVM itself, for decoding and for what is
    /// loaded.
    public static long halfBesidesTheHeapBytes() {
        long total =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        return (total - Runtime.getRuntime().maxMemory()) / 2;
    }
}

package dev.graft.pytorch.bench;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// The memory of this process that is in RAM, by Linux's own count, without the Java heap. Garbage makes a heap
/// grow whatever the native code does; one of fixed size that was touched as a whole at the start is a constant
/// that can be taken off.
///
/// @param heapBytes size of the heap
record ResidentMemory(long heapBytes) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    /// Looks at this process.
    ///
    /// @throws IllegalStateException when its heap is not as large as it can be, or not all of it in memory
    static ResidentMemory ofThisProcess() {
        HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        String heapBytes = machine.getVMOption("MaxHeapSize").getValue();
        if (!heapBytes.equals(machine.getVMOption("InitialHeapSize").getValue())
                || !Boolean.parseBoolean(machine.getVMOption("AlwaysPreTouch").getValue())) {
            throw new IllegalStateException("the heap must be constant: -Xms as -Xmx, and -XX:+AlwaysPreTouch");
        }
        return new ResidentMemory(Long.parseLong(heapBytes));
    }

    /// Returns how many bytes are in RAM now, without the heap.
    ///
    /// @throws IOException when the system does not say
    long outsideHeapBytes() throws IOException {
        String line = Files.readAllLines(STATUS).stream()
                .filter(candidate -> candidate.startsWith(RESIDENT))
                .findFirst()
                .orElseThrow(() -> new IOException(STATUS + " does not say " + RESIDENT));
        return (Long.parseLong(line.replaceAll("\\D", "")) << 10) - heapBytes;
    }
}

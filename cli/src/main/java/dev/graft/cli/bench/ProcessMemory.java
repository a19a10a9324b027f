package dev.graft.cli.bench;

import dev.graft.stack.StackState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a process of a stack has taken of the machine's memory at most since it began.
///
/// @param process   a service, or `supervisor`, in which broker and object store live
/// @param heapBytes its greatest Java heap (`-Xmx`)
/// @param peakBytes its greatest resident memory: heap, code, threads and what native libraries hold
record ProcessMemory(String process, long heapBytes, long peakBytes) {
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final Pattern HEAP = Pattern.compile("-Xmx(\\d+)m\\x00");

    /// Reads it of every JVM of a stack; empty on systems without `/proc`. PostgreSQL is left out: its processes come
    /// and go.
    static List<ProcessMemory> of(StackState stack) {
        Stream<Optional<ProcessMemory>> services = stack.parts().stream()
                .filter(part -> part.pid() != stack.pid())
                .map(part -> of(part.name(), part.pid()));
        return Stream.concat(services, Stream.of(of("supervisor", stack.pid())))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<ProcessMemory> of(String name, long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            Matcher peak = PEAK.matcher(Files.readString(process.resolve("status")));
            Matcher heap = HEAP.matcher(Files.readString(process.resolve("cmdline")));
            return peak.find() && heap.find()
                    ? Optional.of(new ProcessMemory(
                            name, Long.parseLong(heap.group(1)) << 20, Long.parseLong(peak.group(1)) << 10))
                    : Optional.empty();
        } catch (IOException noSuchFile) {
            return Optional.empty();
        }
    }
}

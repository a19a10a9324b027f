package dev.graft.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Finds the processes of a stack by a mark on their command lines, so that none of an earlier life is missed and no
/// other program is ever touched, whatever became of recorded process ids.
final class MarkedProcesses {
    private static final Path PROC = Path.of("/proc");
    private static final Duration GRACE = Duration.ofSeconds(10);

    private MarkedProcesses() {}

    /// Gives the mark of a data directory: an argument of each of its JVMs.
    static String mark(DataDirectory data) {
        return "-D" + Supervisor.DATA_DIRECTORY_PROPERTY + "=" + data.root();
    }

    /// Returns whether the process lives and belongs to the data directory.
    static boolean contains(DataDirectory data, long pid) {
        return isMarked(pid, Set.of(mark(data)));
    }

    /// Finds all but the calling process; the database server, which cannot carry the mark, is known by the folder it
    /// serves.
    static List<ProcessHandle> of(DataDirectory data) {
        Set<String> marks = Set.of(mark(data), data.database().resolve("data").toString());
        long self = ProcessHandle.current().pid();
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != self && isMarked(process.pid(), marks))
                .toList();
    }

    /// Ends what an earlier life of the stack left behind, gently first.
    ///
    /// @return how many processes there were
    static int endAll(DataDirectory data) {
        List<ProcessHandle> left = of(data);
        left.forEach(ProcessHandle::destroy);
        left.forEach(process -> awaitEnd(process, GRACE));
        return left.size();
    }

    /// Waits for the end of a process that was asked to end, and forces it when it takes too long.
    static void awaitEnd(ProcessHandle process, Duration grace) {
        if (!ends(process, grace)) {
            process.destroyForcibly();
            ends(process, GRACE);
        }
    }

    /// A zombie whose parent does not reap it counts as ended: its command line is empty.
    private static boolean ends(ProcessHandle process, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            if (arguments(process.pid()).isEmpty()) {
                return true;
            }
            try {
                process.onExit().get(50, TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException stillThere) {
                continue;
            } catch (Exception e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    private static boolean isMarked(long pid, Set<String> marks) {
        return arguments(pid).stream().flatMap(List::stream).anyMatch(marks::contains);
    }

    private static Optional<List<String>> arguments(long pid) {
        try {
            byte[] bytes = Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve("cmdline"));
            return bytes.length == 0
                    ? Optional.empty()
                    : Optional.of(Arrays.asList(new String(bytes, StandardCharsets.UTF_8).split("\0")));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}

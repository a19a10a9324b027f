package dev.graft.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Looks after the data directory of a PostgreSQL server across crashes of the process that ran it.
final class PostgresCluster {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
    private static final int PID_LINE = 0;
    private static final int DATA_DIRECTORY_LINE = 1;

    private final Path data;
    private final Path completeMarker;

    PostgresCluster(Path directory) {
        data = directory.toAbsolutePath().resolve("data");
        completeMarker = directory.resolve("complete");
    }

    /// Gives the directory that the server itself uses.
    Path data() {
        return data;
    }

    /// Returns whether there is a cluster that served once.
    boolean exists() {
        return Files.exists(completeMarker) && Files.exists(data);
    }

    /// Ends the server of an earlier process that still runs on these data.
    ///
    /// `postmaster.pid` holds the process id on its first line and the data directory on its second (PostgreSQL
    /// documentation, "Database File Layout"). The id may have gone to another process since, so that the process
    /// must also be a PostgreSQL server.
    void endOrphan() throws IOException {
        Optional<ProcessHandle> found = postmaster();
        if (found.isPresent()) {
            ProcessHandle postmaster = found.get();
            List<ProcessHandle> family = family(postmaster);
            signalFastShutdown(postmaster);
            if (!await(family)) {
                end(family);
            }
        }
        // What is left of it now names a process that has nothing to do with these data, and would forbid a start.
        Files.deleteIfExists(data.resolve("postmaster.pid"));
    }

    /// Ends an initialisation of these data that outlived the process that began it.
    void endOrphanedInitialisation() throws IOException {
        String directory = data.toString();
        List<ProcessHandle> initialisations = ProcessHandle.allProcesses()
                .filter(process -> runs(process, "initdb"))
                .filter(process -> process.info()
                        .arguments()
                        .map(arguments -> List.of(arguments).contains(directory))
                        .orElse(false))
                .toList();
        for (ProcessHandle initialisation : initialisations) {
            end(family(initialisation));
        }
    }

    private static List<ProcessHandle> family(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants()).toList();
    }

    private static void end(List<ProcessHandle> processes) throws IOException {
        processes.forEach(ProcessHandle::destroyForcibly);
        await(processes);
    }

    private static boolean runs(ProcessHandle process, String program) {
        return process.info()
                .command()
                .map(command -> Path.of(command).getFileName().toString().startsWith(program))
                .orElse(false);
    }

    private Optional<ProcessHandle> postmaster() throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile);
        if (lines.size() <= DATA_DIRECTORY_LINE
                || !Path.of(lines.get(DATA_DIRECTORY_LINE)).equals(data)) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(lines.get(PID_LINE).strip()))
                .filter(process -> runs(process, "postgres"));
    }

    /// Sends SIGINT, PostgreSQL's fast shutdown; [ProcessHandle#destroy] would send SIGTERM, which waits for clients.
    private static void signalFastShutdown(ProcessHandle postmaster) throws IOException {
        Process kill = new ProcessBuilder("kill", "-INT", Long.toString(postmaster.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            kill.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while ending pid=" + postmaster.pid(), e);
        }
    }

    private static boolean await(List<ProcessHandle> processes) throws IOException {
        Instant deadline = Instant.now().plus(STOP_TIMEOUT);
        for (ProcessHandle process : processes) {
            long leftMillis =
                    Math.max(1, Duration.between(Instant.now(), deadline).toMillis());
            try {
                process.onExit().get(leftMillis, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for pid=" + process.pid(), e);
            } catch (Exception e) {
                return false;
            }
        }
        return true;
    }

    /// Removes what an interrupted initialisation left; a directory that once served is never touched.
    void discardUnlessComplete() throws IOException {
        if (Files.exists(completeMarker) || !Files.exists(data)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(data)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /// Remembers that the directory holds a whole cluster.
    void markComplete() throws IOException {
        if (!Files.exists(completeMarker)) {
            Files.createFile(completeMarker);
        }
    }
}

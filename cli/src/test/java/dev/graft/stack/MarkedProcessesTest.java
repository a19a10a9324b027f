package dev.graft.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkedProcessesTest {
    @TempDir
    Path temporary;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void endsTheProcessesOfItsDataDirectoryAndNoOthers() throws Exception {
        DataDirectory own = DataDirectory.at(Files.createDirectory(temporary.resolve("own")));
        DataDirectory other = DataDirectory.at(Files.createDirectory(temporary.resolve("own too")));
        Process orphan = start("read x", MarkedProcesses.mark(own));
        Process stranger = start("read x", MarkedProcesses.mark(other));

        assertThat(MarkedProcesses.contains(own, orphan.pid())).isTrue();
        assertThat(MarkedProcesses.endAll(own)).isEqualTo(1);

        assertThat(orphan.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(stranger.isAlive()).isTrue();
        assertThat(MarkedProcesses.of(own)).isEmpty();
    }

    @Test
    void endsTheDatabaseServerOfItsDataDirectory() throws Exception {
        DataDirectory own = DataDirectory.at(temporary);
        Process server = start("read x", own.database().resolve("data").toString());

        assertThat(MarkedProcesses.endAll(own)).isEqualTo(1);
        assertThat(server.waitFor(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void forcesProcessThatDoesNotListen() throws Exception {
        DataDirectory own = DataDirectory.at(temporary);
        Process deaf = start("trap '' TERM; while :; do read -t 1 x; done", MarkedProcesses.mark(own));

        deaf.toHandle().destroy();
        MarkedProcesses.awaitEnd(deaf.toHandle(), Duration.ofMillis(200));

        assertThat(deaf.waitFor(5, TimeUnit.SECONDS)).isTrue();
    }

    private Process start(String script, String mark) throws Exception {
        Process process = new ProcessBuilder("bash", "-c", script, mark).start();
        started.add(process);
        return process;
    }
}

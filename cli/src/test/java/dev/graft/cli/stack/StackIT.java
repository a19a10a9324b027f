package dev.graft.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.GraftProgram;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackIT {
    @TempDir
    Path temporary;

    private GraftProgram graft;

    @BeforeEach
    void choosePorts() throws Exception {
        graft = GraftProgram.on(temporary.toRealPath());
    }

    @AfterEach
    void endStack() {
        graft.run("down");
        assertThat(graft.processes()).isEmpty();
    }

    @Test
    void startsAgainAfterEverythingWasKilled() {
        JsonNode first = graft.run("up", "--detach", "--json").json();
        List<ProcessHandle> processes = graft.processes();
        assertThat(processes).hasSize(5);

        processes.forEach(ProcessHandle::destroyForcibly);
        processes.forEach(process -> assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(10)));
        assertThat(graft.run("status", "--json").json().path("running").asBoolean())
                .isFalse();
        JsonNode second = graft.run("up", "--detach", "--json").json();

        assertThat(second.path("phase").asText()).isEqualTo("ready");
        assertThat(graft.run("status", "--json").json().path("ready").asBoolean())
                .isTrue();
        assertThat(second.path("parts")).hasSize(7);
        assertThat(second.at("/parts/0/pid").asLong())
                .isNotEqualTo(first.at("/parts/0/pid").asLong());
        assertThat(graft.run("down", "--json").json().path("ended").asBoolean()).isTrue();
        assertThat(graft.run("down", "--json").json().path("ended").asBoolean()).isFalse();
    }

    @Test
    void namesThePortThatIsTaken() throws Exception {
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), graft.portBase() + 3));

            GraftProgram.Outcome outcome = graft.run("up", "--detach");

            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.errors())
                    .contains("Port " + other.getLocalPort() + " (trainer service) is taken")
                    .contains("--port-base");
        }
    }
}

package dev.graft.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Work whose process is really killed (SIGKILL), or ends by want of memory. The workers are processes of their own.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@TestProfile(KilledWorkerIT.NoMachines.class)
class KilledWorkerIT {
    /// Its life is short: it spends none of it on the second compiler.
    private static final List<String> SMALL =
            List.of("-Xmx400m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError");

    public static final class NoMachines implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("ditches.machines", "0");
        }
    }

    @Inject
    Ditches ditches;

    private final List<Process> victims = new ArrayList<>();

    @AfterEach
    void killWhatIsLeft() throws InterruptedException {
        for (Process victim : victims) {
            victim.destroyForcibly().waitFor();
        }
    }

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void givesUpWorkThatEndsItsProcessThreeTimesAndServesWhatStandsBehindIt() throws Exception {
        ditches.run("update durable_job set state = 'SUCCEEDED', finished_at = now() where kind = 'by-machine'");
        String deadly = ditches.order(Diggers.BY_MACHINE, "a", VictimApplication.DEADLY + System.nanoTime());
        String deep = ditches.order(Diggers.BY_MACHINE, "a", VictimApplication.DEEP + System.nanoTime());
        String next = ditches.order(Diggers.BY_MACHINE, "a");

        for (int life = 1; life <= 3; life++) {
            Process victim = start();
            awaitLine(victim, "claimed " + deadly);
            if (life == 2) {
                drain(victim);
                assertThat(victim.waitFor())
                        .as("exit of a process that is out of memory")
                        .isEqualTo(3);
            } else {
                victim.destroyForcibly().waitFor();
                assertThat(victim.exitValue()).as("exit of a killed process").isEqualTo(128 + 9);
            }
        }
        Process last = start();
        awaitLine(last, "worked " + next);
        for (int attempt = 2; attempt <= 3; attempt++) {
            ditches.run("update durable_job set due_at = now() where id = '" + deep + "'");
            awaitLine(last, "worked " + deep);
        }
        assertThat(ditches.job(deadly).getFirst()).isEqualTo("FAILED");
        assertThat(ditches.job(deadly).getLast()).contains("ended 3 of 3 times (killed, out of memory or crashed)");
        assertThat(ditches.describe(deadly)).startsWith("FAILED");
        assertThat(ditches.job(deep).getLast()).contains("broke off 3 times").contains("nested too deep");
        assertThat(ditches.describe(next)).startsWith("DUG");
    }

    private Process start() throws Exception {
        Process victim = VictimProcess.start(SMALL);
        victims.add(victim);
        return victim;
    }

    private static void awaitLine(Process victim, String wanted) throws Exception {
        StringBuilder said = new StringBuilder();
        BufferedReader lines = victim.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("victim: " + wanted)) {
                return;
            }
            if (!line.startsWith("victim: idle")) {
                said.append(line).append('\n');
            }
        }
        throw new AssertionError("the victim ended without having " + wanted + ":\n" + said);
    }

    private static void drain(Process victim) throws Exception {
        BufferedReader lines = victim.inputReader();
        while (lines.readLine() != null) {
            // Its last words do not matter.
        }
    }
}

package dev.graft.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class StackPortsTest {
    @Test
    void countsFromTheBase() {
        StackPorts ports = new StackPorts(8080);

        assertThat(ports.of(Service.INGEST)).isEqualTo(8081);
        assertThat(ports.of(Service.FEATURE)).isEqualTo(8082);
        assertThat(ports.of(Service.TRAINER)).isEqualTo(8083);
        assertThat(ports.of(Service.PREDICT)).isEqualTo(8084);
        assertThat(ports.database()).isEqualTo(8087);
    }

    @Test
    void namesThePortThatIsTaken() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            StackPorts ports = new StackPorts(other.getLocalPort() - 2);

            assertThatThrownBy(ports::requireFree).isInstanceOfSatisfying(ActionableException.class, taken -> {
                assertThat(taken.problem()).contains(Integer.toString(other.getLocalPort()));
                assertThat(taken.remedy()).contains("--port-base");
            });
        }
    }

    @Test
    void refusesBaseThatLeavesNoRoom() {
        assertThatThrownBy(() -> new StackPorts(65530)).isInstanceOf(ActionableException.class);
        assertThatThrownBy(() -> new StackPorts(0)).isInstanceOf(ActionableException.class);
    }
}

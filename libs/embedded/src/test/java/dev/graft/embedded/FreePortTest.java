package dev.graft.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortTest {
    /// Two servers that start beside each other ask for their ports before either listens.
    @Test
    void givesNoPortTwiceAlthoughNobodyListensOnIt() {
        List<Integer> ports = IntStream.range(0, 2_000)
                .parallel()
                .mapToObj(_ -> FreePort.any())
                .toList();

        assertThat(ports).doesNotHaveDuplicates();
    }

    @Test
    void givesPortsThatCanBeListenedOnAndThatNoConnectionGoesOutFrom() throws Exception {
        int port = FreePort.any();

        assertThat(port).isBetween(20_000, 32_767);
        try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(server.isBound()).isTrue();
        }
    }
}

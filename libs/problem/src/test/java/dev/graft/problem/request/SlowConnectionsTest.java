package dev.graft.problem.request;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.testkit.http.RawAnswer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The settings of this module's tests: a head may take two seconds, and of an answer 4,096 bytes are taken in
/// two.
@QuarkusTest
class SlowConnectionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAST_THE_BOUND = Duration.ofSeconds(4);
    private static final int SLOW_CLIENTS = 64;
    private static final String GET = "GET /spoons/one HTTP/1.1\r\nHost: localhost\r\n";

    /// Much more than the buffers of a connection hold, 6 MiB or so on Linux.
    private static final int MANY_SPOONS = 500_000;

    @TestHTTPResource("/")
    URI service;

    @Test
    void areClosedWhenNoHeadComesToItsEndAndOthersAreAnsweredMeanwhile() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW_CLIENTS; i++) {
                // Half of them say nothing at all.
                slow.add(connect(i % 2 == 0 ? GET : ""));
            }
            await().atMost(PATIENCE).until(() -> {
                assertThat(RawAnswer.to(service, ascii(GET + "Connection: close\r\n\r\n"), PATIENCE)
                                .status())
                        .isEqualTo(200);
                return slow.stream().allMatch(SlowConnectionsTest::isClosed);
            });
        } finally {
            close(slow);
        }
    }

    @Test
    void mayWaitBetweenRequestsButNotWithinTheNextHead() throws Exception {
        try (Socket socket = connect(GET + "\r\n")) {
            assertThat(RawAnswer.read(socket.getInputStream()).status()).isEqualTo(200);
            await().during(PAST_THE_BOUND)
                    .atMost(PATIENCE)
                    .until(() -> socket.getInputStream().available() == 0);

            socket.getOutputStream().write(ascii(GET + "\r\n"));
            assertThat(RawAnswer.read(socket.getInputStream()).status()).isEqualTo(200);

            socket.getOutputStream().write(ascii(GET));
            await().atMost(PATIENCE).until(() -> isClosed(socket));
        }
    }

    @Test
    void areClosedWhenAnAnswerIsNotTaken() throws Exception {
        try (Socket socket = new Socket()) {
            // A small buffer, so that the answer waits in the service.
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress(service.getHost(), service.getPort()));
            socket.getOutputStream().write(ascii(getManySpoons()));

            await().atMost(PATIENCE).until(() -> isClosed(socket));
        }
    }

    @Test
    void stayOpenWhileAnAnswerIsTakenSlowly() throws Exception {
        try (Socket socket = connect(getManySpoons())) {
            InputStream in = socket.getInputStream();
            byte[] piece = new byte[1 << 18];
            List<Integer> pieces = new ArrayList<>();
            await().pollInterval(Duration.ofMillis(50))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> {
                        int read = in.readNBytes(piece, 0, piece.length);
                        pieces.add(read);
                        return read < piece.length;
                    });

            assertThat(pieces.stream().mapToLong(Integer::longValue).sum()).isGreaterThan(20_000_000);
            assertThat(new String(Arrays.copyOf(piece, pieces.getLast()), US_ASCII).stripTrailing())
                    .endsWith("]\r\n0");
        }
    }

    private static String getManySpoons() {
        return "GET /spoons?limit=" + MANY_SPOONS + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    private Socket connect(String begin) throws IOException {
        Socket socket = new Socket(service.getHost(), service.getPort());
        socket.getOutputStream().write(ascii(begin));
        return socket;
    }

    /// Sends one byte more, which a service that has closed the connection answers by a reset.
    private static boolean isClosed(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}

package dev.graft.stack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.graft.stack.PartHealth.Condition;
import dev.graft.stack.StackState.Part;
import dev.graft.stack.StackState.PartPhase;
import dev.graft.stack.StackState.Phase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A part is ready when it says so now, not when it said so once.
class StackProbeTest {
    private static final StackProbe PROBE = new StackProbe(Duration.ofMillis(700));
    private static final String DOWN = """
        {"status":"DOWN","checks":[{"name":"database","status":"DOWN"},{"name":"models","status":"UP"},\
        {"name":"object-store","status":"DOWN","data":{"reason":"no bucket"}}]}""";

    private HttpServer server;
    private int readyStatus = 200;
    private int liveStatus = 200;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            int status = exchange.getRequestURI().getPath().endsWith("live") ? liveStatus : readyStatus;
            byte[] body = (status == 200 ? "{\"status\":\"UP\",\"checks\":[]}" : DOWN).getBytes(UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void isReadyWhenItSaysSo() throws Exception {
        assertThat(examine("ingest", port(), PartPhase.READY, 0).isReady()).isTrue();
    }

    @Test
    void namesTheChecksThatFailed() throws Exception {
        readyStatus = 503;

        PartHealth health = examine("ingest", port(), PartPhase.READY, 0);

        assertThat(health.condition()).isEqualTo(Condition.NOT_READY);
        assertThat(health.detail()).isEqualTo("database, object-store (no bucket)");
    }

    @Test
    void isNotAliveWhenItsWorkersAreDead() throws Exception {
        liveStatus = 503;

        assertThat(examine("ingest", port(), PartPhase.READY, 0).condition()).isEqualTo(Condition.NOT_ALIVE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "database", "broker", "objects"})
    void isSilentWhenItTakesConnectionsAndDoesNotAnswer(String name) throws Exception {
        try (ServerSocket frozen = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThat(examine(name, frozen.getLocalPort(), PartPhase.READY, 0).condition())
                    .isEqualTo(Condition.SILENT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "database", "broker", "objects"})
    void isSilentWhenNobodyListens(String name) throws Exception {
        server.stop(0);

        assertThat(examine(name, port(), PartPhase.READY, 0).condition()).isEqualTo(Condition.SILENT);
    }

    @Test
    void saysHowOftenItWasStartedAgain() throws Exception {
        PartHealth health = examine("ingest", port(), PartPhase.RESTARTING, 3);

        assertThat(health.condition()).isEqualTo(Condition.RESTARTING);
        assertThat(health.detail()).isEqualTo("ended by itself; started again 3 times");
        assertThat(examine("ingest", port(), PartPhase.STARTING, 3).condition()).isEqualTo(Condition.RESTARTING);
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private static PartHealth examine(String name, int port, PartPhase phase, int restarts) throws Exception {
        StackState state = new StackState(
                1, 8080, "test", Phase.READY, 0, List.of(new Part(name, port, 1, phase, restarts, 1L)), null, null);
        return PROBE.examine(state).getFirst();
    }
}

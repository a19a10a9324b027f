package dev.graft.cli.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.graft.cli.console.Console;
import dev.graft.cli.rest.DeadLetterClient;
import dev.graft.cli.rest.RestClient;
import dev.graft.cli.session.PartialLossException;
import dev.graft.stack.ActionableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The service is a server of the test that has the dead letters `a-0-1` and `a-0-3`.
class ReplaysTest {
    private static final String PATH = "/v1/dead-letters/";

    private final ByteArrayOutputStream remarks = new ByteArrayOutputStream();
    private HttpServer server;
    private HttpClient http;
    private Replays replays;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(PATH, ReplaysTest::answer);
        server.start();
        http = HttpClient.newHttpClient();
        String root = "http://127.0.0.1:" + server.getAddress().getPort();
        PrintStream stream = new PrintStream(remarks, true, StandardCharsets.UTF_8);
        replays = new Replays(
                new Console(stream, stream, false, 0),
                new DeadLetterClient(Map.of("predict", new RestClient(http, "predict", root, _ -> {}))));
    }

    @AfterEach
    void stop() {
        http.close();
        server.stop(0);
    }

    @Test
    void replaysTheOthersWhenOneIsRefused() {
        Replays.Outcome outcome = replays.run(List.of("a-0-1", "a-0-2", "a-0-3"));

        assertThat(outcome.replayed())
                .extracting(letter -> letter.path("id").asText())
                .containsExactly("a-0-1", "a-0-3");
        assertThat(remarks.toString(StandardCharsets.UTF_8)).contains("There is no dead letter a-0-2.");
        assertThatThrownBy(outcome::requireAll)
                .isInstanceOf(PartialLossException.class)
                .hasMessage("1 of 3 dead letters were not replayed.");
    }

    @Test
    void failsWhenNoneIsReplayed() {
        assertThatThrownBy(() -> replays.run(List.of("a-0-2", "a-0-4")).requireAll())
                .isInstanceOf(ActionableException.class)
                .isNotInstanceOf(PartialLossException.class)
                .hasMessage("2 of 2 dead letters were not replayed.");
    }

    @Test
    void saysOnceWhyTheOnlyOneIsRefused() {
        assertThatThrownBy(() -> replays.run(List.of("a-0-2")).requireAll())
                .hasMessage("There is no dead letter a-0-2.");
        assertThat(remarks.size()).isZero();
    }

    @Test
    void isContentWhenAllAreReplayed() {
        Replays.Outcome outcome = replays.run(List.of("a-0-3", "a-0-1"));

        outcome.requireAll();
        assertThat(outcome.replayed())
                .extracting(letter -> letter.path("service").asText())
                .containsExactly("predict", "predict");
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String id = exchange.getRequestURI().getPath().substring(PATH.length()).replace("/replay", "");
        boolean known = List.of("a-0-1", "a-0-3").contains(id);
        byte[] body = (known ? "{\"id\":\"%s\",\"topic\":\"a\"}".formatted(id) : "{\"detail\":\"It is not there.\"}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().add("Content-Type", known ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(known ? 200 : 404, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}

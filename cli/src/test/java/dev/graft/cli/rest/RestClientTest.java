package dev.graft.cli.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RestClientTest {
    private static final TypeReference<Map<String, Integer>> COUNTS = new TypeReference<>() {};
    /// At the end of a body: nothing more comes, and the connection stays open.
    private static final String SILENCE = "(silence)";
    /// At the end of a body: the connection is closed before all of it is sent.
    private static final String CUT = "(cut)";

    private static final String PROBLEM = "application/problem+json";
    private static final String DATABASE_AWAY = """
            {"type":"https://graft.dev/problems/backend-unavailable","detail":"The database does not answer."}\
            """;

    private record Answer(int status, String mediaType, String body, Duration delay) {
        Answer(int status, String mediaType, String body) {
            this(status, mediaType, body, Duration.ZERO);
        }

        Answer after(Duration time) {
            return new Answer(status, mediaType, body, time);
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /// The client looks after three seconds whether the service is alive.
    private static final Duration SLOW = Duration.ofMillis(3_500);

    private final List<String> notices = Collections.synchronizedList(new ArrayList<>());
    private final Queue<Answer> answers = new ArrayDeque<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger looksCut = new AtomicInteger();
    private HttpServer server;
    private RestClient rest;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.createContext("/q/health/live", this::answerLook);
        server.start();
        rest = client(PATIENCE);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void makesProblemsActionable() {
        answers.add(new Answer(404, PROBLEM, """
            {"type":"https://graft.dev/problems/dataset-not-found","title":"t","status":404,\
            "detail":"There is no dataset spoons."}\
            """));

        assertThatThrownBy(() -> rest.get("/v1/datasets/spoons", COUNTS))
                .isInstanceOfSatisfying(ActionableException.class, refused -> {
                    assertThat(refused.problem()).isEqualTo("There is no dataset spoons.");
                    assertThat(refused.remedy()).contains("./graft import");
                });
    }

    @Test
    void explainsAnswersThatAreNoProblems() {
        answers.add(new Answer(500, "text/html", "<html>"));

        assertThatThrownBy(() -> rest.get("/", COUNTS)).hasMessage("The ingest service answered 500.");
    }

    @Test
    void asksBusyServiceAgainWithTheSameKey() {
        answers.add(new Answer(503, PROBLEM, "{}"));
        answers.add(new Answer(201, "application/json", "{\"n\":1}"));

        assertThat(rest.post("/v1/things", Map.of("a", 1), null, COUNTS)).containsEntry("n", 1);

        assertThat(requests).hasSize(2);
        assertThat(requests.getFirst()).isEqualTo(requests.getLast()).contains("{\"a\":1}");
    }

    @Test
    void saysWhatIsAwayAndThatItIsBack() {
        answers.add(new Answer(503, PROBLEM, "{\"detail\":\"The database does not answer.\"}"));
        answers.add(new Answer(503, PROBLEM, "{\"detail\":\"The database does not answer.\"}"));
        answers.add(json("{\"n\":1}"));

        rest.get("/v1/things", COUNTS);

        assertThat(notices)
                .containsExactly("The database does not answer. Waiting for it, 2 s at most.", "It is back; going on.");
    }

    @Test
    void givesUpWhenTheStatedTimeIsOver() {
        for (int i = 0; i < 100; i++) {
            answers.add(new Answer(503, PROBLEM, DATABASE_AWAY));
        }

        assertThatThrownBy(() -> rest.get("/v1/things", COUNTS))
                .isInstanceOfSatisfying(ActionableException.class, away -> {
                    assertThat(away.problem()).isEqualTo("The database does not answer. Waited for 2 s.");
                    assertThat(away.remedy()).contains("./graft status");
                });
    }

    @Test
    void givesUpWhenEveryRefusalComesSlowly() {
        for (int i = 0; i < 3; i++) {
            answers.add(new Answer(503, PROBLEM, DATABASE_AWAY).after(SLOW));
        }

        assertThatThrownBy(() -> rest.get("/v1/things", COUNTS))
                .hasMessage("The database does not answer. Waited for 2 s.");
        assertThat(notices).containsExactly("The database does not answer. Waiting for it, 2 s at most.");
    }

    @Test
    void givesUpWhenEveryAnswerIsCutSlowly() {
        for (int i = 0; i < 3; i++) {
            answers.add(json("{" + CUT).after(SLOW));
        }

        assertThatThrownBy(() -> rest.get("/v1/things", COUNTS))
                .hasMessage("The ingest service does not answer. Waited for 2 s.");
        assertThat(notices).containsExactly("The ingest service does not answer. Waiting for it, 2 s at most.");
    }

    /// The first look finds nobody, the second does, and the answer comes after it.
    @Test
    void goesOnWithARequestWhoseServiceWasSilentForAWhile() {
        looksCut.set(1);
        answers.add(json("{\"n\":1}").after(SLOW.multipliedBy(2)));

        assertThat(client(PATIENCE.multipliedBy(3)).get("/v1/things", COUNTS)).containsEntry("n", 1);

        assertThat(notices)
                .containsExactly(
                        "The ingest service does not answer. Waiting for it, 6 s at most.", "It is back; going on.");
    }

    @Test
    void waitsLongerThanAnOutageOfAMinute() {
        assertThat(RestClient.PATIENCE).isGreaterThanOrEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void givesUpOnAServiceThatIsFrozen() throws IOException {
        try (ServerSocket frozen = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            RestClient client = new RestClient(
                    HttpClient.newHttpClient(),
                    "ingest",
                    "http://127.0.0.1:" + frozen.getLocalPort(),
                    PATIENCE,
                    notices::add);

            assertThatThrownBy(() -> client.get("/v1/things", COUNTS))
                    .hasMessage("The ingest service does not answer. Waited for 2 s.");
        }
        assertThat(notices).containsExactly("The ingest service does not answer. Waiting for it, 2 s at most.");
    }

    @Test
    void asksAgainWhenAStreamOfEventsFallsSilent() {
        answers.add(json("{\"n\":1}"));
        answers.add(new Answer(200, "text/event-stream", "data:{\"n\":2}\n\n" + SILENCE));
        answers.add(json("{\"n\":3}"));

        Map<String, Integer> last = rest.follow("/v1/things/7", COUNTS, state -> state.get("n") == 3, state -> {});

        assertThat(last).containsEntry("n", 3);
    }

    @Test
    void readsBodyAfreshForEachTry() {
        answers.add(new Answer(503, PROBLEM, "{}"));
        answers.add(new Answer(202, "application/json", "{}"));

        rest.post(
                "/v1/things",
                "application/x-tar",
                RequestBody.of(() -> new java.io.ByteArrayInputStream("tar".getBytes(StandardCharsets.UTF_8))),
                null,
                COUNTS);

        assertThat(requests)
                .hasSize(2)
                .allSatisfy(request -> assertThat(request).endsWith("tar"));
    }

    @Test
    void blamesTheSourceOfTheBodyForItsOwnFaults() {
        assertThatThrownBy(() -> rest.post(
                        "/v1/things",
                        "application/x-tar",
                        RequestBody.of(() -> new InputStream() {
                            @Override
                            public int read() {
                                throw new ActionableException("a.png cannot be read.", "Look at it.");
                            }
                        }),
                        null,
                        COUNTS))
                .isInstanceOf(ActionableException.class)
                .hasMessage("a.png cannot be read.");
    }

    @Test
    void followsEventsToTheEnd() {
        answers.add(json("{\"n\":1}"));
        answers.add(new Answer(200, "text/event-stream", "data:{\"n\":2}\n\nid: 7\ndata: {\"n\":3}\n\n"));
        answers.add(json("{\"n\":3}"));
        List<Integer> seen = new ArrayList<>();

        Map<String, Integer> last =
                rest.follow("/v1/things/7", COUNTS, state -> state.get("n") == 3, state -> seen.add(state.get("n")));

        assertThat(last).containsEntry("n", 3);
        assertThat(seen).containsExactly(1, 2, 3, 3);
        assertThat(requests.get(1)).contains("/v1/things/7/events");
    }

    @Test
    void followsOnWhenTheStreamBreaks() {
        answers.add(json("{\"n\":1}"));
        answers.add(new Answer(200, "text/event-stream", "data:{\"n\":2}\n\n"));
        answers.add(json("{\"n\":3}"));

        Map<String, Integer> last = rest.follow("/v1/things/7", COUNTS, state -> state.get("n") == 3, state -> {});

        assertThat(last).containsEntry("n", 3);
    }

    @Test
    void escapesWhatUsersName() {
        assertThat(Paths.segment("a b/c?d")).isEqualTo("a%20b%2Fc%3Fd");
        assertThat(Paths.query(Map.of("top", "5"))).isEqualTo("?top=5");
        assertThat(Paths.query(Map.of())).isEmpty();
    }

    private static Answer json(String body) {
        return new Answer(200, "application/json", body);
    }

    private RestClient client(Duration patience) {
        return new RestClient(
                HttpClient.newHttpClient(),
                "ingest",
                "http://127.0.0.1:" + server.getAddress().getPort(),
                patience,
                notices::add);
    }

    private void answerLook(HttpExchange exchange) throws IOException {
        send(exchange, json(looksCut.getAndDecrement() > 0 ? "{" + CUT : "{}"));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(
                exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Idempotency-Key") + " " + body);
        Answer answer = answers.remove();
        if (answer.delay().isZero()) {
            send(exchange, answer);
            return;
        }
        CompletableFuture.delayedExecutor(answer.delay().toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    try {
                        send(exchange, answer);
                    } catch (IOException clientIsGone) {
                        exchange.close();
                    }
                });
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", answer.mediaType());
        if (answer.body().endsWith(SILENCE)) {
            exchange.sendResponseHeaders(answer.status(), 0);
            exchange.getResponseBody().write(answer.body().replace(SILENCE, "").getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            return;
        }
        exchange.sendResponseHeaders(answer.status(), answer.body().getBytes(StandardCharsets.UTF_8).length);
        exchange.getResponseBody().write(answer.body().replace(CUT, "").getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        exchange.close();
    }
}

package dev.graft.problem.request;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.graft.problem.Problem;
import dev.graft.problem.SpoonsResource;
import dev.graft.testkit.http.HostileRequests;
import dev.graft.testkit.http.RawAnswer;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.WithDefault;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The settings of this module's tests: a body brings 4,096 bytes in every 2 seconds, and 40 may come at one moment.
@QuarkusTest
class RequestGateTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MAX_BODIES = 40;
    private static final String SPOON = "{\"name\":\"s\",\"handles\":[{\"lengthMillimetres\":3}]}";

    @TestHTTPResource("/")
    URI service;

    @Inject
    OpenBodies bodies;

    @ConfigProperty(name = "quarkus.thread-pool.max-threads")
    int maxThreads;

    @ConfigProperty(name = "quarkus.http.read-timeout")
    Duration readTimeout;

    @Test
    void answersHostileRequestsAsTheyMustBe() throws Exception {
        assertThat(HostileRequests.faults(service, Map.of("name", "one"))).isEmpty();
    }

    @Test
    void endsBodiesThatComeTooSlowlyAndAnswersOthersMeanwhile() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < MAX_BODIES; i++) {
                slow.add(begin("Content-Length: 1000", "{"));
            }
            // Before they are all in, another request could take the place of one of them.
            await().atMost(PATIENCE).until(() -> bodies.underWay() + answered(slow) >= MAX_BODIES);
            int answered = 0;
            while (answered < 5) {
                // The first to come are the first to go: when all places are taken by slow clients, they make room.
                if (post(SPOON).status() == 200) {
                    answered++;
                }
                drip(slow);
            }
            for (Socket socket : slow) {
                socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
                RawAnswer answer = RawAnswer.read(socket.getInputStream());
                assertThat(answer.status()).isEqualTo(408);
                assertThat(answer.headers()).containsEntry("content-type", Problem.MEDIA_TYPE);
                assertThat(answer.body()).contains("body-too-slow", "4,096 bytes in every 2 seconds");
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        assertThat(post(SPOON).status()).isEqualTo(200);
    }

    @Test
    void blamesNobodyWhoseBodyWaitsForTheService() throws Exception {
        byte[] waiting =
                "GET /spoons/waiting HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(US_ASCII);
        int waiters = 2 * maxThreads;
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<RawAnswer>> others = new ArrayList<>();
            for (int i = 0; i < waiters; i++) {
                others.add(clients.submit(() -> RawAnswer.to(service, waiting, PATIENCE)));
            }
            Future<RawAnswer> answer;
            try {
                // All threads but the few that do something else.
                AtomicInteger busy = new AtomicInteger();
                await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> {
                    int now = SpoonsResource.SPOONS.getQueueLength();
                    return busy.getAndSet(now) == now && now >= maxThreads - 8;
                });
                answer = clients.submit(() -> post(SPOON));
                // A slow body is ended after two seconds, and at most half a second later.
                await().during(Duration.ofSeconds(4)).atMost(PATIENCE).until(() -> !answer.isDone());
            } finally {
                SpoonsResource.SPOONS.release(waiters);
            }

            assertThat(answer.get().status()).isEqualTo(200);
            for (Future<RawAnswer> other : others) {
                assertThat(other.get().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void blamesNobodyWhoseBodyHasCome() throws Exception {
        byte[] request =
                "PUT /spoons/waiting/image HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: image/png\r\n"
                        .concat("Content-Length: 3\r\n\r\nabc")
                        .getBytes(US_ASCII);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<RawAnswer> answer = clients.submit(() -> RawAnswer.to(service, request, PATIENCE));
            try {
                await().during(Duration.ofSeconds(4)).atMost(PATIENCE).until(() -> !answer.isDone());
            } finally {
                SpoonsResource.SPOONS.release();
            }

            assertThat(answer.get().status()).isEqualTo(200);
        }
    }

    /// Beyond its timeout the HTTP layer closes the connection without an answer, and with it what shares it.
    @Test
    void answersSlowBodiesBeforeTheHttpLayerClosesTheirConnection() throws Exception {
        String paceWindow = RequestLimits.class
                .getMethod("paceWindow")
                .getAnnotation(WithDefault.class)
                .value();

        assertThat(readTimeout).isGreaterThan(DurationConverter.parseDuration(paceWindow));
    }

    @Test
    void endsAFormThatComesTooSlowly() throws Exception {
        byte[] request = "POST /spoons/form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
                .concat("Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n")
                .getBytes(US_ASCII);

        assertThat(RawAnswer.to(service, request, PATIENCE).status()).isEqualTo(408);
    }

    /// Over HTTP/2 the end of a stream may come alone, and is then not waited for.
    @Test
    void blamesNobodyOverHttp2() throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            HttpRequest request = HttpRequest.newBuilder(service.resolve("/spoons/waiting/image"))
                    .header("Content-Type", "image/png")
                    .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[3])))
                    .build();
            CompletableFuture<HttpResponse<String>> answer = client.sendAsync(request, BodyHandlers.ofString());
            try {
                await().during(Duration.ofSeconds(4)).atMost(PATIENCE).until(() -> !answer.isDone());
            } finally {
                SpoonsResource.SPOONS.release();
            }

            assertThat(answer.get().version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.get().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void tellsWhoIsTooManyToComeBack() throws Exception {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < MAX_BODIES; i++) {
                open.add(begin("Content-Length: 9000", " ".repeat(5_000)));
            }
            RawAnswer answer = await().atMost(PATIENCE).until(() -> post(SPOON), refused -> refused.status() == 503);

            assertThat(answer.headers()).containsEntry("retry-after", "1");
            assertThat(answer.body()).contains("too-busy", "as many as may be");
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    /// What comes of a body after the answer has begun is dropped, and the connection goes on.
    @Test
    void goesOnWithAConnectionWhoseBodyNobodyRead() throws Exception {
        byte[] body = new byte[10_000];
        String head =
                "PUT /spoons/%s/image HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: %d\r\n\r\n";
        try (Socket client = new Socket(service.getHost(), service.getPort())) {
            client.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            client.getOutputStream().write(head.formatted("unread", body.length).getBytes(US_ASCII));
            client.getOutputStream().write(body);
            client.getOutputStream()
                    .write(head.formatted("one", 3).concat("abc").getBytes(US_ASCII));

            assertThat(RawAnswer.read(client.getInputStream()).status()).isEqualTo(503);
            assertThat(RawAnswer.read(client.getInputStream()).body()).isEqualTo("3");
        }
    }

    @Test
    void endsALongAnswerOfHttp10WithItsConnection() throws Exception {
        byte[] request = "GET /spoons HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".getBytes(US_ASCII);

        RawAnswer answer = RawAnswer.to(service, request, PATIENCE);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("connection", "close");
        assertThat(answer.body()).hasSizeGreaterThan(8_192).endsWith("]");
    }

    @Test
    void namesTheEncodingThatItDoesNotTake() {
        given().contentType("application/json")
                .header("Content-Encoding", "gzip")
                .body(new byte[] {0x1F, (byte) 0x8B})
                .post("/spoons")
                .then()
                .statusCode(415)
                .header("Accept-Encoding", "identity")
                .body("pointer", equalTo("Content-Encoding"))
                .body("detail", containsString("Content-Encoding"));
    }

    @Test
    void takesAnAsteriskForAnyMediaType() {
        for (String accept : List.of("*", "text/html, *; q=.2", "*;q=0.5")) {
            given().header("Accept", accept).get("/spoons/one").then().statusCode(200);
        }
    }

    @Test
    void tellsClientsOfAProtocolTheErrorInItsMember() {
        given().contentType("image/*")
                .body(new byte[1])
                .post("/protocol/spoons")
                .then()
                .statusCode(415)
                .body("error", containsString("Content-Type must be"))
                .body("pointer", equalTo("Content-Type"));
        given().get("/protocol/nowhere").then().statusCode(404).body("error", equalTo("Not Found"));
    }

    /// A name may be written in several ways.
    @ParameterizedTest
    @ValueSource(strings = {"count=1&other=2&count=3", "count=1&%63ount=3", "count&count"})
    void refusesAParameterThatIsGivenTwice(String query) throws IOException {
        byte[] request = "GET /spoons/one?%s HTTP/1.1\r\nHost: localhost\r\n\r\n"
                .formatted(query)
                .getBytes(US_ASCII);

        RawAnswer answer = RawAnswer.to(service, request, PATIENCE);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("\"pointer\":\"count\"");
    }

    private RawAnswer post(String json) throws IOException {
        String head = "POST /spoons HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + json.length() + "\r\n\r\n";
        return RawAnswer.to(service, (head + json).getBytes(US_ASCII), PATIENCE);
    }

    private Socket begin(String header, String beginOfBody) throws IOException {
        Socket socket = new Socket(service.getHost(), service.getPort());
        String head = "POST /spoons HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + header;
        socket.getOutputStream().write((head + "\r\n\r\n" + beginOfBody).getBytes(US_ASCII));
        return socket;
    }

    private static int answered(List<Socket> sockets) throws IOException {
        int answered = 0;
        for (Socket socket : sockets) {
            if (socket.getInputStream().available() > 0) {
                answered++;
            }
        }
        return answered;
    }

    private static void drip(List<Socket> sockets) {
        for (Socket socket : sockets) {
            try {
                socket.getOutputStream().write(' ');
            } catch (IOException ended) {
                // By the service, as it is to be.
            }
        }
    }
}

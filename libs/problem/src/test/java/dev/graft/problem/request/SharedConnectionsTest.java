package dev.graft.problem.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.problem.SpoonsResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Over HTTP/2 many requests share a connection: what is refused ends alone, and the others go on.
@QuarkusTest
class SharedConnectionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int ROUNDS = 500;
    private static final int TOGETHER = 8;

    /// A refused request is ended after one second.
    private static final Duration PAST_THE_END = Duration.ofSeconds(3);

    @TestHTTPResource("/")
    URI service;

    private HttpClient client;
    private CompletableFuture<HttpResponse<String>> other;

    /// The first request agrees on HTTP/2; all that come then take the same connection.
    @BeforeEach
    void beginAnotherRequest() throws Exception {
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        assertThat(client.send(get("/spoons/one"), BodyHandlers.ofString()).version())
                .isEqualTo(HttpClient.Version.HTTP_2);
        other = client.sendAsync(get("/spoons/waiting"), BodyHandlers.ofString());
        await().atMost(PATIENCE).until(SpoonsResource.SPOONS::hasQueuedThreads);
    }

    @AfterEach
    void close() {
        SpoonsResource.SPOONS.release(SpoonsResource.SPOONS.getQueueLength());
        // Not close(), which would wait for ever for a request that no answer comes to.
        client.shutdownNow();
    }

    /// The end of a body and the beginning of its answer come at any moments beside each other.
    @Test
    void areAnsweredHoweverManyCome() {
        HttpRequest image = HttpRequest.newBuilder(service.resolve("/spoons/one/image"))
                .header("Content-Type", "image/png")
                .PUT(BodyPublishers.ofByteArray(new byte[9_000]))
                .build();
        for (int round = 0; round < ROUNDS; round++) {
            List<CompletableFuture<HttpResponse<String>>> answers = Stream.generate(
                            () -> client.sendAsync(image, BodyHandlers.ofString()))
                    .limit(TOGETHER)
                    .toList();
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer)
                            .succeedsWithin(PATIENCE)
                            .extracting(HttpResponse::body)
                            .isEqualTo("9000"));
        }
    }

    @Test
    void goOnWhenOneIsRefusedByItsHeaders() throws Exception {
        assertRefusedAlone(415, post("image/*", BodyPublishers.ofString("x")));
    }

    @Test
    void goOnWhenOneIsTooLargeByItsHeaders() throws Exception {
        assertRefusedAlone(413, post("application/json", BodyPublishers.ofByteArray(new byte[20_000])));
    }

    @Test
    void goOnWhenOneTurnsOutTooLarge() throws Exception {
        byte[] spaces = new byte[20_000];
        Arrays.fill(spaces, (byte) ' ');
        try (SubmissionPublisher<ByteBuffer> body = new SubmissionPublisher<>()) {
            CompletableFuture<HttpResponse<String>> refused = client.sendAsync(
                    post("application/json", BodyPublishers.fromPublisher(body)), BodyHandlers.ofString());
            await().atMost(PATIENCE).until(body::hasSubscribers);
            body.submit(ByteBuffer.wrap(spaces));

            assertRefusedAlone(413, refused.get());
        }
    }

    @Test
    void goOnWhenOneComesTooSlowly() throws Exception {
        try (SubmissionPublisher<ByteBuffer> body = new SubmissionPublisher<>()) {
            CompletableFuture<HttpResponse<String>> refused = client.sendAsync(
                    post("application/json", BodyPublishers.fromPublisher(body)), BodyHandlers.ofString());
            await().atMost(PATIENCE).until(body::hasSubscribers);
            body.submit(ByteBuffer.wrap(new byte[] {'{'}));

            assertRefusedAlone(408, refused.get());
            await().atMost(PATIENCE).until(SharedConnectionsTest::nobodyReads);
        }
    }

    private void assertRefusedAlone(int status, HttpRequest request) throws Exception {
        assertRefusedAlone(status, client.send(request, BodyHandlers.ofString()));
    }

    private void assertRefusedAlone(int status, HttpResponse<String> refused) throws Exception {
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
        assertThat(refused.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(refused.headers().map()).doesNotContainKey("connection");
        assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");

        await().during(PAST_THE_END).atMost(PATIENCE).until(() -> !other.isDone());
        SpoonsResource.SPOONS.release();
        assertThat(other.get().statusCode()).isEqualTo(200);
    }

    private static boolean nobodyReads() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .noneMatch(frame -> frame.getMethodName().equals("readBlocking"));
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(service.resolve(path)).build();
    }

    private HttpRequest post(String contentType, BodyPublisher body) {
        return HttpRequest.newBuilder(service.resolve("/spoons"))
                .header("Content-Type", contentType)
                .POST(body)
                .build();
    }
}

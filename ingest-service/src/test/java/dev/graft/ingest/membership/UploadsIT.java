package dev.graft.ingest.membership;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import dev.graft.ingest.Images;
import dev.graft.ingest.Service;
import dev.graft.problem.ProblemType;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.http.Overload;
import dev.graft.testkit.http.RawAnswer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class UploadsIT {
    /// More than the memory for files would hold if a sender had its part of it before its file is all here.
    private static final int SLOW_SENDERS = 64;

    @TestHTTPResource("/v1/datasets/")
    URI datasets;

    /// With the bounds as they are shipped: a head and 4,096 bytes of a body may take 20 seconds each.
    @Test
    @Timeout(90)
    void keepsNobodyWaitingForSlowSendersAndEndsThem() throws Exception {
        String dataset = Service.dataset();
        String head = "POST /v1/datasets/%s/images?label=ants HTTP/1.1\r\nHost: localhost\r\n".formatted(dataset)
                + "Content-Type: image/png\r\nContent-Length: 20000000\r\n";
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW_SENDERS; i++) {
                slow.add(begin(head + "\r\na first bit"));
                slow.add(begin(head));
            }

            Service.upload(dataset, "ants", Images.png()).statusCode(201);
            for (int i = 0; i < 2 * SLOW_SENDERS; i += 2) {
                assertThat(RawAnswer.read(slow.get(i).getInputStream()).status())
                        .isEqualTo(408);
                // Who has sent no head has asked nothing, and is not answered.
                assertThat(slow.get(i + 1).getInputStream().read()).isNegative();
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        Service.upload(dataset, "ants", Images.png()).statusCode(201);
    }

    private Socket begin(String request) throws IOException {
        Socket socket = new Socket(datasets.getHost(), datasets.getPort());
        socket.getOutputStream().write(request.getBytes(UTF_8));
        return socket;
    }

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void staysWithinTheMemoryOfItsContainerHoweverMuchIsSent() throws Exception {
        String path = "/v1/datasets/%s/images?label=ants".formatted(Service.dataset());
        Overload.of("ingest-service", Overload.images(path)).assertBounded();
    }

    @Test
    void refusesAFileThatIsTooLargeWithoutSayingSo() throws Exception {
        byte[] large = new byte[(20 << 20) + 1];
        HttpRequest chunked = HttpRequest.newBuilder(datasets.resolve(Service.dataset() + "/images?label=ants"))
                .header("Content-Type", "image/png")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(chunked, HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.body())
                    .contains(ProblemType.IMAGE_TOO_LARGE.uri().toString(), "more than 20,971,520 bytes");
        }
    }

    @Test
    void givesAFormTheSameAnswersUnderTheSameKeyHoweverManySendItAtOnce() throws Exception {
        String dataset = Service.dataset();
        String key = UUID.randomUUID().toString();
        byte[] one = Images.png();
        byte[] other = Images.png();

        try (ExecutorService senders = Executors.newFixedThreadPool(6)) {
            Callable<JsonPath> send = () ->
                    form(dataset, key, one, other).statusCode(200).extract().jsonPath();
            List<JsonPath> answers = senders.invokeAll(Collections.nCopies(6, send)).stream()
                    .map(Future::resultNow)
                    .toList();
            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.getList("results.added")).containsExactly(true, true, false);
                assertThat(answer.getList("results.image.id")).containsExactly(Images.id(one), Images.id(other));
                assertThat(answer.getString("results[2].problem.type"))
                        .isEqualTo(ProblemType.IMAGE_FORMAT_UNSUPPORTED.uri().toString());
            });
        }
        Service.isProblem(form(dataset, key, other, one), ProblemType.IDEMPOTENCY_KEY_REUSED);
        Service.isProblem(form(dataset, "k".repeat(256), one, other), ProblemType.INVALID_REQUEST)
                .body("detail", containsString("at most 255 characters"));
    }

    private static ValidatableResponse form(String dataset, String key, byte[] one, byte[] other) {
        return given().header("Idempotency-Key", key)
                .multiPart("files", "1.png", one, "image/png")
                .multiPart("files", "2.png", other, "image/png")
                .multiPart("files", "3.png", "text".getBytes(UTF_8), "image/png")
                .post("/v1/datasets/{name}/images?label=ants", dataset)
                .then();
    }
}

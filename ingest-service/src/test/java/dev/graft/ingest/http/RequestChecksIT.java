package dev.graft.ingest.http;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import dev.graft.ingest.IngestConfig;
import dev.graft.ingest.Service;
import dev.graft.problem.Problem;
import dev.graft.problem.ProblemType;
import dev.graft.problem.request.RequestLimits;
import dev.graft.testkit.DeployedScratch;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class RequestChecksIT {
    private static final String JSON = "application/json";
    private static final String FORM = "Multipart/Form-Data; boundary=x";

    @TestHTTPResource("/")
    URI service;

    @Inject
    RequestLimits limits;

    @Inject
    IngestConfig config;

    @ConfigProperty(name = "quarkus.http.body.uploads-directory")
    String uploadsDirectory;

    @Test
    void refusesAFormThatIsTooLargeBeforeItComesOrWhileItComes() throws Exception {
        String path = "/v1/datasets/%s/images?label=ants".formatted(Service.dataset());

        assertThat(answerToHead(path, FORM, "Content-Length: 268435457"))
                .startsWith("HTTP/1.1 413")
                .contains(Problem.MEDIA_TYPE, "at most 268,435,456 bytes", "an archive to import");
        assertThat(answerToEndlessForm(path)).startsWith("HTTP/1.1 413").contains("at most 268,435,456 bytes");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Path.of(uploadsDirectory)).isEmptyDirectory());
    }

    /// A pod whose folder is full is evicted, with all that is under way in it.
    @Test
    void hasRoomForAsManyFilesAsMayBeUnderWay() throws Exception {
        assertThat(limits.maxBodies() * limits.maxFormSizeBytes() + config.maxTemporarySizeBytes())
                .isLessThanOrEqualTo(DeployedScratch.sizeBytes("ingest-service"));
    }

    @Test
    void refusesJsonThatIsTooLargeWhetherItSaysSoOrNot() throws Exception {
        assertThat(answerToHead("/v1/datasets", JSON, "Content-Length: 65537"))
                .startsWith("HTTP/1.1 413")
                .contains("at most 65,536 bytes");

        String chunk = "x".repeat(70_000);
        String body = "%x\r\n{\"name\":\"%s".formatted(chunk.length() + 9, chunk);
        assertThat(answer("/v1/datasets", JSON, "Transfer-Encoding: chunked", body))
                .startsWith("HTTP/1.1 413");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/datasets/%00",
                "/v1/datasets?after=%00",
                "/v1/rejects?dataset=a%00b",
                "/v1/images/%00/content",
                "/v1/datasets/none/images?label=%00"
            })
    void refusesNulInAnAddress(String path) {
        Service.isProblem(given().urlEncodingEnabled(false).get(path).then(), ProblemType.INVALID_REQUEST)
                .body("detail", containsString("NUL"));
    }

    @Test
    void refusesAFormOfTooManyFiles() {
        RequestSpecification form = given();
        for (int i = 0; i < 1_001; i++) {
            form.multiPart("files", i + ".png", new byte[] {1}, "image/png");
        }

        Service.isProblem(
                        form.post("/v1/datasets/{name}/images?label=ants", Service.dataset())
                                .then(),
                        ProblemType.CONTENT_TOO_LARGE)
                .body("detail", containsString("at most 1000 parts"));
    }

    @Test
    void goesOnAfterwards() {
        when().get("/v1/datasets").then().statusCode(200);
    }

    /// Sends no body at all: the answer must not wait for it.
    private String answerToHead(String path, String mediaType, String header) throws IOException {
        return answer(path, mediaType, header, "");
    }

    /// Sends chunks of one file until the service answers.
    private String answerToEndlessForm(String path) throws Exception {
        try (Socket socket = new Socket(service.getHost(), service.getPort())) {
            OutputStream out = socket.getOutputStream();
            String partHead = "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"1.png\"\r\n\r\n";
            out.write(("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    .formatted(path, FORM.toLowerCase(Locale.ROOT))
                            + "%x\r\n%s\r\n".formatted(partHead.length(), partHead))
                    .getBytes(UTF_8));
            byte[] chunk = new byte[1 << 20];
            InputStream answer = socket.getInputStream();
            for (int sent = 0; answer.available() == 0; sent++) {
                assertThat(sent).as("mebibytes taken").isLessThan(2_048);
                out.write("100000\r\n".getBytes(UTF_8));
                out.write(chunk);
                out.write("\r\n".getBytes(UTF_8));
            }
            byte[] head = new byte[answer.available()];
            answer.readNBytes(head, 0, head.length);
            return new String(head, UTF_8);
        }
    }

    private String answer(String path, String mediaType, String header, String body) throws IOException {
        try (Socket socket = new Socket(service.getHost(), service.getPort())) {
            String head = "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\n%s\r\n\r\n"
                    .formatted(path, mediaType, header);
            socket.getOutputStream().write((head + body).getBytes(UTF_8));
            socket.setSoTimeout(30_000);
            try (InputStream answer = socket.getInputStream()) {
                return new String(answer.readAllBytes(), UTF_8);
            }
        }
    }
}

package dev.graft.cli.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.graft.cli.console.Console;
import dev.graft.cli.hub.PartFile;
import dev.graft.cli.rest.FeatureClient;
import dev.graft.cli.rest.RestClient;
import dev.graft.contracts.Sha256;
import dev.graft.stack.ActionableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The service is a server of the test, with the status that the test chooses.
class FetchedWeightsTest {
    private static final String NAME = "resnet18.tv_in1k";
    private static final byte[] FILE = "weights".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private HttpServer server;
    private HttpClient http;
    private PartFile part;
    private int status;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/backbones/" + NAME + "/weights", this::answer);
        server.start();
        http = HttpClient.newHttpClient();
        part = PartFile.take(directory.resolve(NAME + ".safetensors"), () -> {});
        Files.write(part.path(), FILE);
    }

    @AfterEach
    void stop() throws IOException {
        part.close();
        http.close();
        server.stop(0);
    }

    @Test
    void givesTheFileToTheServiceAndKeepsNoCopy() throws IOException {
        status = 200;

        assertThat(register(Sha256.of(FILE)).path("name").asText()).isEqualTo(NAME);

        assertThat(received.toByteArray()).isEqualTo(FILE);
        assertThat(part.path()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 409, 413})
    void keepsAFileThatIsNotTaken(int answered) {
        status = answered;

        assertThatThrownBy(() -> register(Sha256.of(FILE))).isInstanceOfSatisfying(ActionableException.class, e -> {
            assertThat(e.problem()).isEqualTo("So it is.");
            assertThat(e.remedy()).contains("What was fetched is kept").contains(NAME);
        });
        assertThat(part.path()).hasBinaryContent(FILE);
    }

    @Test
    void removesAFileThatHoldsNoSuchWeights() {
        status = 422;

        assertThatThrownBy(() -> register(""))
                .isInstanceOf(ActionableException.class)
                .hasMessage("What was fetched as resnet18.tv_in1k is no good. So it is.");
        assertThat(part.path()).doesNotExist();
    }

    @Test
    void removesAFileThatIsNotThePublishedOne() {
        status = 200;

        assertThatThrownBy(() -> register("0".repeat(64)))
                .isInstanceOf(ActionableException.class)
                .hasMessageContaining("It is not the published file")
                .hasMessageContaining(Sha256.of(FILE));
        assertThat(received.toByteArray()).isEmpty();
        assertThat(part.path()).doesNotExist();
    }

    private JsonNode register(String publishedSha256) throws IOException {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        String root = "http://127.0.0.1:" + server.getAddress().getPort();
        FeatureClient feature = new FeatureClient(new RestClient(http, "feature", root, _ -> {}));
        return new FetchedWeights(NAME, publishedSha256, part)
                .register(new WeightsUpload(new Console(nowhere, nowhere, false, 0), feature));
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().transferTo(received);
        byte[] body = (status == 200 ? "{\"name\":\"%s\"}".formatted(NAME) : "{\"detail\":\"So it is.\"}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders()
                .add("Content-Type", status == 200 ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}

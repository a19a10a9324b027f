package dev.graft.feature;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.http.DocumentRules;
import dev.graft.testkit.http.HostileRequests;
import dev.graft.testkit.http.RawAnswer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@TestProfile(HostileRequests.Impatient.class)
class HostileRequestsIT {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int SLOW_CLIENTS = 64;

    @TestHTTPResource("/")
    URI service;

    @Test
    void areRefusedByEveryOperation() throws Exception {
        assertThat(HostileRequests.faults(service, Map.of("name", "tf_efficientnet_lite0.in1k")))
                .isEmpty();
    }

    @Test
    void bySlowClientsKeepNobodyOut() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW_CLIENTS; i++) {
                Socket socket = new Socket(service.getHost(), service.getPort());
                slow.add(socket);
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.getOutputStream()
                        .write("POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n"
                                .concat("Content-Length: 20000000\r\n\r\nx")
                                .getBytes(US_ASCII));
            }
            byte[] request = "GET /v1/backbones HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);
            assertThat(RawAnswer.to(service, request, Duration.ofMillis(PATIENCE_MILLIS))
                            .status())
                    .isEqualTo(200);
            for (Socket socket : slow) {
                assertThat(RawAnswer.read(socket.getInputStream()).status()).isEqualTo(408);
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void areDescribedByTheDocument() throws Exception {
        assertThat(DocumentRules.faults(service)).isEmpty();
    }

    /// The document's bounds are written by hand, as the contract knows no OpenAPI.
    @Test
    void findTheBoundsOfTheContractInTheDocument() throws Exception {
        JsonNode input =
                DocumentRules.document(service).at("/components/schemas/ExtractorChoice/properties/inputSizePixels");
        assertThat(input.path("minimum").asInt()).isEqualTo(ExtractorChoice.MIN_INPUT_PIXELS);
        assertThat(input.path("maximum").asInt()).isEqualTo(ExtractorChoice.MAX_INPUT_PIXELS);
    }
}

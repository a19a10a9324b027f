package dev.graft.testkit.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperationTest {
    private static final String BODY = """
            {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/tensor"}}}}}}""";
    private static final String DOCUMENT = """
            {"paths": {"/infer": %s, "/infer/{version}": %s},
             "tensor": {"examples": [{"name": "pixels"}]}}""".formatted(BODY, BODY);

    /// Operations are tried by several threads at once, each of which changes its example.
    @Test
    void hasAnExampleOfItsOwnThoughOthersNameTheSameSchema() throws Exception {
        JsonNode document = new ObjectMapper().readTree(DOCUMENT);
        List<Operation> operations = Operation.of(document, Map.of(), Map.of());

        ((ObjectNode) requireNonNull(operations.get(0).example())).put("name", "changed");

        assertThat(requireNonNull(operations.get(1).example()).path("name").asText())
                .isEqualTo("pixels");
        assertThat(document.at("/tensor/examples/0/name").asText()).isEqualTo("pixels");
    }

    /// An answer that is cut is a fault of the service, which the tests report; not one of the test.
    @Test
    void reportsAnAnswerThatIsCutInsideItsChunks() {
        String cut = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";

        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(() -> RawAnswer.read(new ByteArrayInputStream(cut.getBytes(US_ASCII))));
    }
}

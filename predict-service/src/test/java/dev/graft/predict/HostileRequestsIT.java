package dev.graft.predict;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.Problem;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.http.DocumentRules;
import dev.graft.testkit.http.HostileRequests;
import dev.graft.testkit.http.RawAnswer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@TestProfile(HostileRequests.Impatient.class)
class HostileRequestsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SLOW_CLIENTS = 64;
    private static final String NAME = "hostile-" + UUID.randomUUID();
    private static TestModel model;

    @Inject
    ObjectStore store;

    @TestHTTPResource("/")
    URI service;

    @BeforeEach
    void publish() throws Exception {
        if (model == null) {
            model = new TestModel(NAME, 1, "rose", "tulip", "lily");
            Events.publish(model.store(store));
        }
        await().atMost(PATIENCE).untilAsserted(() -> get("/v1/models").then().body("model", hasItem(NAME)));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void areRefusedByEveryOperation() throws Exception {
        assertThat(HostileRequests.faults(service, Map.of("name", NAME, "version", "1")))
                .isEmpty();
    }

    @Test
    void areDescribedByTheDocument() throws Exception {
        assertThat(DocumentRules.faults(service)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "null                                                          | ''",
                "{'inputs':null}                                               | /inputs",
                "{'inputs':[null]}                                             | /inputs/0",
                "{'inputs':[{'name':null,'shape':[1],'datatype':'UINT8'}]}     | /inputs/0/name",
                "{'inputs':[{'name':'pixels','shape':[1],'datatype':null}]}    | /inputs/0/datatype",
                "{'inputs':[{'name':'pixels','shape':null,'datatype':'UINT8'}]}      | /inputs/0/shape",
                "{'inputs':[{'name':'pixels','shape':[null],'datatype':'UINT8'}]}    | /inputs/0/shape",
                "{'inputs':[{'name':'pixels','shape':'1','datatype':'UINT8'}]}       | /inputs/0/shape",
                "{'inputs':[{'name':'pixels','shape':['1'],'datatype':'UINT8'}]}     | /inputs/0/shape/0",
                "{'inputs':[{'name':'pixels','shape':[4611686018427387904,224,224,3],'datatype':'UINT8'}]} | /inputs/0/shape",
                "{'inputs':[{'name':'pixels','shape':[1,224,224,3],'datatype':'UINT8','data':null}]}       | /inputs/0/data",
                "{'inputs':[{'name':'pixels','shape':[1,224,224,3],'datatype':'UINT8','data':[NaN]}]}      | /inputs/0/data",
            })
    void pointAtWhatIsWrongWithATensor(String body, String pointer) {
        given().contentType("application/json")
                .body(body.replace('\'', '"'))
                .post("/v2/models/{name}/infer", NAME)
                .then()
                .statusCode(400)
                .contentType(Problem.MEDIA_TYPE)
                .body("pointer", equalTo(pointer))
                .body("error", not(emptyOrNullString()));
    }

    @Test
    void namesARequestedOutputThatThereIsNot() {
        given().contentType("application/json")
                .body(tensor("", ",\"outputs\":[{\"name\":\"logits\"}]"))
                .post("/v2/models/{name}/infer", NAME)
                .then()
                .statusCode(400)
                .body("pointer", equalTo("/outputs/0/name"))
                .body("error", containsString("none named logits"));
    }

    @Test
    void takesAndGivesTensorsAsBytes() {
        int side = model.inputSize();
        byte[] pixels = dev.graft.contracts.ModelCard.SelfTest.pixels(11, 1, side);
        byte[] head = tensor(
                        ",\"parameters\":{\"binary_data_size\":" + pixels.length + "}",
                        ",\"outputs\":[{\"name\":\"probabilities\",\"parameters\":{\"binary_data\":true}}]")
                .replace(",\"data\":DATA", "")
                .getBytes(UTF_8);
        byte[] body = ByteBuffer.allocate(head.length + pixels.length)
                .put(head)
                .put(pixels)
                .array();

        Response response = given().contentType("application/octet-stream")
                .header("Inference-Header-Content-Length", head.length)
                .body(body)
                .post("/v2/models/{name}/infer", NAME);

        response.then().statusCode(200).contentType("application/octet-stream");
        byte[] answer = response.asByteArray();
        int headLength = Integer.parseInt(response.header("Inference-Header-Content-Length"));
        assertThat(new String(answer, 0, headLength, UTF_8))
                .contains("\"binary_data_size\":12")
                .doesNotContain("data\":[");
        float[] probabilities = new float[3];
        ByteBuffer.wrap(answer, headLength, 12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(probabilities);
        float[] expected = model.classify(pixels)[0];
        for (int i = 0; i < expected.length; i++) {
            assertThat(probabilities[i]).isCloseTo(expected[i], org.assertj.core.api.Assertions.within(1e-5f));
        }
        given().contentType("application/octet-stream")
                .header("Inference-Header-Content-Length", head.length)
                .body(Arrays.copyOf(body, body.length - 1))
                .post("/v2/models/{name}/infer", NAME)
                .then()
                .statusCode(400)
                .body("pointer", equalTo("/inputs/0/parameters/binary_data_size"));
        get("/v2").then().body("extensions", hasItem("binary_tensor_data"));
    }

    @Test
    void takesAFormsPartWithoutAFilename() {
        given().multiPart(new io.restassured.builder.MultiPartSpecBuilder(TestImages.png(4))
                        .controlName("picture")
                        .mimeType("image/png")
                        .emptyFileName()
                        .build())
                .post("/v1/models/{name}/predict?top=1", NAME)
                .then()
                .statusCode(200)
                .body("results.size()", equalTo(1));
    }

    @Test
    void givesAllLabelsToWhoAsksForMore() {
        given().contentType("image/png")
                .body(TestImages.png(2))
                .post("/v1/models/{name}/predict?top=2000", NAME)
                .then()
                .statusCode(200)
                .body("predictions.size()", equalTo(3));
    }

    @Test
    void bySlowClientsKeepNobodyOut() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW_CLIENTS; i++) {
                Socket socket = new Socket(service.getHost(), service.getPort());
                socket.getOutputStream()
                        .write(("POST /v1/models/" + NAME + "/predict HTTP/1.1\r\nHost: localhost\r\n"
                                        + "Content-Type: image/png\r\nContent-Length: 20000000\r\n\r\nx")
                                .getBytes(US_ASCII));
                slow.add(socket);
            }
            given().contentType("image/png")
                    .body(TestImages.png(2))
                    .post("/v1/models/{name}/predict", NAME)
                    .then()
                    .statusCode(200);
            for (Socket socket : slow) {
                socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
                assertThat(RawAnswer.read(socket.getInputStream()).status()).isEqualTo(408);
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private static String tensor(String inInput, String behindInputs) {
        int side = model.inputSize();
        String zeros = "0,".repeat(side * side * 3 - 1) + "0";
        return "{\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"UINT8\",\"shape\":[1,%d,%d,3],\"data\":DATA%s}]%s}"
                .formatted(side, side, inInput, behindInputs)
                .replace("DATA", behindInputs.contains("binary") ? "DATA" : "[" + zeros + "]");
    }
}

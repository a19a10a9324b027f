package dev.graft.feature;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Precision;
import dev.graft.feature.embedding.EmbeddingIndex;
import dev.graft.feature.extractor.ExtractorOpener;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.queue.ImageQueue;
import dev.graft.messaging.Transactions;
import dev.graft.networks.quantisation.ActivationRanges;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.Png;
import dev.graft.weightstore.WeightStore;
import dev.graft.weightstore.cdi.WeightsConfig;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Embeddings in eight bits, and the making of their ranges.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class QuantisationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    Stage stage;

    @Inject
    ObjectStore store;

    @Inject
    WeightStore weights;

    @Inject
    WeightsConfig config;

    @Inject
    EmbeddingConfig embedding;

    @Inject
    Extractors extractors;

    @Inject
    ImageQueue queue;

    @Inject
    EmbeddingIndex index;

    @Inject
    Transactions transactions;

    @Test
    void embedsInEightBitsAsAnExtractorOfItsOwn() throws Exception {
        JsonPath single = embed(RenamedWeights.BUNDLED.name(), "f32")
                .statusCode(200)
                .extract()
                .jsonPath();
        JsonPath eight = embed(RenamedWeights.BUNDLED.name(), "int8")
                .statusCode(200)
                .body("precision", equalTo("int8"))
                .extract()
                .jsonPath();
        assertThat(eight.getString("extractorDigest")).isNotEqualTo(single.getString("extractorDigest"));
        // An image of noise is far from what the ranges were made of.
        assertThat(cosine(single.getList("vector", Float.class), eight.getList("vector", Float.class)))
                .isBetween(0.9, 0.9999999);
    }

    @Test
    void makesTheRangesOfWeightsFromStoredImages() throws Exception {
        String name = "tf_efficientnet_lite0.quantised";
        register(name);
        given().get("/v1/backbones/" + name + "/ranges").then().statusCode(404);
        embed(name, "int8")
                .statusCode(422)
                .body("pointer", equalTo("precision"))
                .body("detail", containsString("./graft weights quantize " + name + " --calibrate DATASET"));

        String manifest = manifest(List.of(image(1), image(2), image(3), "no picture".getBytes()));
        List<JsonPath> steps = quantize(name, Map.of("manifestKey", manifest));

        assertThat(steps).hasSize(5);
        assertThat(steps.getFirst().getInt("images")).isEqualTo(4);
        JsonPath last = steps.getLast();
        assertThat(last.getInt("skipped")).isEqualTo(1);
        String text = given().get("/v1/backbones/" + name + "/ranges")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        ActivationRanges ranges = ActivationRanges.parse(text);
        assertThat(ranges.images()).isEqualTo(3);
        assertThat(ranges.digest()).isEqualTo(last.getString("rangesSha256"));
        assertThat(quantize(name, Map.of("manifestKey", manifest)).getLast().getString("rangesSha256"))
                .isEqualTo(ranges.digest());

        String before = embed(name, "int8").statusCode(200).extract().path("extractorDigest");
        List<JsonPath> fewer = quantize(name, Map.of("manifestKey", manifest, "images", 2));
        assertThat(fewer.getLast().getString("rangesSha256")).isNotEqualTo(ranges.digest());
        String after = embed(name, "int8").statusCode(200).extract().path("extractorDigest");
        assertThat(after).isNotEqualTo(before);
    }

    @Test
    void computesWithTheRangesThatAnExtractorWasMadeOf() throws Exception {
        String name = "tf_efficientnet_lite0.requantised";
        register(name);
        String imageId = sha256(image(8));
        String manifest = manifest(List.of(image(8), image(9)));
        ExtractorChoice choice = new ExtractorChoice(name, null, null, Precision.INT8);
        assertThat(quantize(name, Map.of("manifestKey", manifest))).isNotEmpty();
        KnownExtractor first = extractors.resolve(choice);
        assertThat(quantize(name, Map.of("manifestKey", manifest, "images", 1))).isNotEmpty();
        KnownExtractor second = extractors.resolve(choice);
        assertThat(second.digest()).isNotEqualTo(first.digest());

        transactions.call(session -> queue.enqueue(session, first.id(), List.of(imageId))
                .chain(() -> queue.enqueue(session, second.id(), List.of(imageId))));
        queue.arrived();

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(index.locate(second.id(), List.of(imageId))).hasSize(1);
            assertThat(index.locate(first.id(), List.of(imageId))).hasSize(1);
        });
    }

    @Test
    void takesNoPlaceForARequestThatIsDropped() throws Exception {
        String name = "tf_efficientnet_lite0.dropped";
        register(name);
        String manifest = manifest(List.of(image(4)));
        String request = "{\"manifestKey\":\"%s\"}".formatted(manifest);
        for (int i = 0; i < 20; i++) {
            try (Socket dropped = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
                dropped.getOutputStream()
                        .write("""
                            POST /v1/backbones/%s/ranges HTTP/1.1\r
                            Host: localhost\r
                            Content-Type: application/json\r
                            Content-Length: %d\r
                            \r
                            %s\
                            """.formatted(name, request.length(), request).getBytes(StandardCharsets.US_ASCII));
            }
        }
        // Those that were begun all the same end; until then the place is taken.
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().contentType("application/json")
                        .body(request)
                        .post("/v1/backbones/" + name + "/ranges")
                        .then()
                        .statusCode(200)
                        .body(containsString("rangesSha256")));
    }

    @Test
    void makesOneSetOfRangesAtATime() throws Exception {
        String name = "tf_efficientnet_lite0.busy";
        register(name);
        // To look for so many images takes seconds, and to be refused a moment.
        String lines = IntStream.range(0, 10_000)
                .mapToObj(i -> "{\"imageId\":\"%064x\",\"label\":\"x\"}\n".formatted(i))
                .collect(Collectors.joining());
        String manifest = stage.manifestOf(lines);
        URI ranges = URI.create("http://localhost:%d/v1/backbones/%s/ranges".formatted(RestAssured.port, name));
        HttpRequest request = HttpRequest.newBuilder(ranges)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"manifestKey\":\"%s\",\"images\":10000}".formatted(manifest)))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            try (InputStream begun =
                    client.send(request, BodyHandlers.ofInputStream()).body()) {
                assertThat(begun.read()).isEqualTo('{');
                HttpResponse<String> second = client.send(request, BodyHandlers.ofString());
                assertThat(second.statusCode()).isEqualTo(503);
                assertThat(second.body()).contains("/too-busy\"");
            }
            // The first ends because nobody reads it any more.
            String small = manifest(List.of(image(6)));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> given().contentType("application/json")
                            .body(Map.of("manifestKey", small))
                            .post(ranges)
                            .then()
                            .statusCode(200)
                            .body(containsString("rangesSha256")));
        }
    }

    @Test
    void refusesToMakeRangesOfNothing() {
        String path = "/v1/backbones/" + RenamedWeights.BUNDLED.name() + "/ranges";
        given().contentType("application/json").body(Map.of()).post(path).then().statusCode(400);
        String absent = ObjectKeys.manifest("0".repeat(64));
        given().contentType("application/json")
                .body(Map.of("manifestKey", absent))
                .post(path)
                .then()
                .statusCode(404);
        given().contentType("application/json")
                .body(Map.of("manifestKey", absent, "images", 0))
                .post(path)
                .then()
                .statusCode(400);
    }

    /// An archive that waits to be imported may be larger than the heap, and be without a line feed.
    @Test
    void readsNoObjectThatIsNoManifest() {
        String archive = stage.object(ObjectKeys.importArchive("calibration"), new byte[1 << 20]);
        given().contentType("application/json")
                .body(Map.of("manifestKey", archive))
                .post("/v1/backbones/" + RenamedWeights.BUNDLED.name() + "/ranges")
                .then()
                .statusCode(404)
                .body("detail", equalTo("There is no manifest %s.".formatted(archive)));
    }

    @Test
    void refusesEightBitsInPyTorch() {
        ExtractorOpener opener = new ExtractorOpener("pytorch", "cpu", weights, embedding);
        assertThatThrownBy(opener::requireEightBits).hasMessageContaining("int8 runs in ONNX Runtime on a CPU only");
    }

    /// Registers the bundled weights by another name, in a file of its own, so that no other name has its ranges.
    private void register(String name) throws IOException {
        given().contentType("application/octet-stream")
                .body(RenamedWeights.file(config.cacheDirectory(), name))
                .put("/v1/backbones/" + name + "/weights")
                .then()
                .statusCode(200);
    }

    private static List<JsonPath> quantize(String name, Map<String, Object> request) {
        return given().contentType("application/json")
                .body(request)
                .post("/v1/backbones/" + name + "/ranges")
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .lines()
                .filter(line -> !line.isBlank())
                .map(JsonPath::from)
                .toList();
    }

    private static ValidatableResponse embed(String backbone, String precision) throws IOException {
        return given().contentType("image/png")
                .body(image(7))
                .queryParam("backbone", backbone)
                .queryParam("precision", precision)
                .post("/v1/embeddings")
                .then();
    }

    private String manifest(List<byte[]> files) throws Exception {
        String lines = files.stream()
                .map(file -> {
                    String id = sha256(file);
                    store.put(ObjectKeys.image(id), ObjectContent.of(file, "image/png"));
                    return "{\"imageId\":\"%s\",\"label\":\"x\"}\n".formatted(id);
                })
                .collect(Collectors.joining());
        return stage.manifestOf(lines);
    }

    private static String sha256(byte[] file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] image(int seed) {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 48; y++) {
            for (int x = 0; x < 64; x++) {
                image.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        return Png.of(image);
    }

    private static double cosine(List<Float> a, List<Float> b) {
        double product = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.size(); i++) {
            product += a.get(i) * (double) b.get(i);
            squaresA += a.get(i) * (double) a.get(i);
            squaresB += b.get(i) * (double) b.get(i);
        }
        return product / Math.sqrt(squaresA * squaresB);
    }
}

package dev.graft.feature;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.feature.extractor.ExtractorOpener;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.extractor.OpenExtractor;
import dev.graft.networks.Closeness;
import dev.graft.networks.FormulaWeights;
import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Shape;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Safetensors;
import dev.graft.networks.weights.SafetensorsWriter;
import dev.graft.networks.weights.Weights;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.Png;
import dev.graft.weightstore.WeightStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Weights that somebody brings, from the file to the features.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class WeightsIT {
    private static final String ARCHITECTURE = "mobilenetv2_100";
    private static final String MINE = ARCHITECTURE + ".salted";

    /// What the features of whole images must agree to, resize and crop included, of their standard deviation.
    private static final double TOLERANCE = 1e-3;

    private static byte[] file;

    @Inject
    WeightStore weights;

    @Inject
    Extractors extractors;

    @Inject
    EmbeddingConfig config;

    @Inject
    Stage stage;

    @Test
    void embedsWithWeightsOfOthersAsTimmDoes() throws Exception {
        put(MINE, file())
                .statusCode(200)
                .body("name", equalTo(MINE))
                .body("weights", equalTo("present"))
                .body("source", equalTo("imported"))
                .body("featureDimension", equalTo(1280))
                .body("shortSidePixels", equalTo(256));
        float[] expected = expected();

        List<Float> vector = given().contentType("image/png")
                .body(image())
                .queryParam("backbone", MINE)
                .post("/v1/embeddings")
                .then()
                .statusCode(200)
                .body("backbone", equalTo(MINE))
                .body("layer", equalTo("global_pool"))
                .extract()
                .jsonPath()
                .getList("vector", Float.class);

        assertThat(Closeness.of(array(vector), expected).greatest()).isLessThan(TOLERANCE);
        for (String engine : List.of("onnxruntime", "pytorch")) {
            ExtractorOpener opener = new ExtractorOpener(engine, "cpu", weights, config);
            try (OpenExtractor open =
                    opener.open(extractors.resolve(new ExtractorChoice(MINE, null, null, Precision.F32)))) {
                assertThat(Closeness.of(open.embed(image()), expected).greatest())
                        .as(engine)
                        .isLessThan(TOLERANCE);
            }
        }
    }

    /// The variance that a normalisation divides by, as its root, is negative. The file says so, and is well formed.
    @Test
    void keepsNoFeaturesThatAreNotFinite() throws Exception {
        String name = ARCHITECTURE + ".damaged";
        Network network = Architectures.named(ARCHITECTURE);
        float[] variance = new float[1280];
        Arrays.fill(variance, -1);
        put(
                        name,
                        file(new FormulaWeights("graft:")
                                .of(network)
                                .with(Map.of("bn2.running_var", FloatTensor.of(Shape.of(1280), variance)))))
                .statusCode(200);
        String imageId = stage.store(image());
        String sentence =
                "There is no embedding: the network gives numbers that are not finite; its weights are damaged.";

        problem(
                        given().contentType("image/png")
                                .body(image())
                                .queryParam("backbone", name)
                                .post("/v1/embeddings")
                                .then(),
                        422,
                        "embedding-failed")
                .body("detail", equalTo(sentence));
        String job = given().contentType("application/json")
                .body(Map.of("imageIds", List.of(imageId), "extractor", Map.of("backbone", name)))
                .post("/v1/embedding-jobs")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
        stage.receiveJob(job);

        problem(
                        given().queryParam("backbone", name)
                                .get("/v1/embeddings/" + imageId)
                                .then(),
                        422,
                        "embedding-failed")
                .body("detail", equalTo(sentence));
    }

    @Test
    void takesTheSameFileTwiceAndNoOtherUnderItsName() throws IOException {
        String name = ARCHITECTURE + ".twice";
        String digest = put(name, file()).statusCode(200).extract().path("sha256");

        assertThat((String) put(name, file()).statusCode(200).extract().path("sha256"))
                .isEqualTo(digest);
        problem(put(name, formula("other:")), 409, "conflict").body("detail", containsString(name));
        given().get("/v1/backbones/" + name).then().statusCode(200).body("sha256", equalTo(digest));
    }

    @Test
    void takesTheRecipeOfAnotherBackbone() throws IOException {
        given().contentType("application/octet-stream")
                .body(file())
                .queryParam("like", "resnet50.a1_in1k")
                .put("/v1/backbones/" + ARCHITECTURE + ".like/weights")
                .then()
                .statusCode(200)
                .body("cropFraction", equalTo(0.95f));
        problem(
                        given().contentType("application/octet-stream")
                                .body(file())
                                .queryParam("like", "alexnet.a")
                                .put("/v1/backbones/" + ARCHITECTURE + ".unlike/weights")
                                .then(),
                        404,
                        "backbone-not-found")
                .body("pointer", equalTo("like"));
    }

    @Test
    void refusesWhatIsNoFileOfTheseWeights() throws IOException {
        String name = ARCHITECTURE + ".broken";
        problem(put(name, "PK\3\4 archive/data.pkl".getBytes(StandardCharsets.ISO_8859_1)), 422, "weights-invalid")
                .body("detail", startsWith("The file is refused: the file is a Python pickle"))
                .body("detail", endsWith(" (PICKLE)."));
        problem(put(name, new byte[0]), 422, "weights-invalid").body("detail", endsWith(" (TOO_SHORT)."));
        problem(put("resnet18.broken", file()), 422, "weights-invalid")
                .body("detail", containsString("resnet18 needs "))
                .body("detail", containsString(" more"));
        problem(put(ARCHITECTURE, file()), 400, "invalid-request").body("pointer", equalTo("name"));
        problem(put("alexnet.broken", file()), 404, "backbone-not-found");
        given().get("/v1/backbones/" + name).then().statusCode(404);
    }

    @Test
    void asksForNoFileThatItWouldRefuse() throws Exception {
        AtomicBoolean sent = new AtomicBoolean();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:%d/v1/backbones/%s.far/weights?like=alexnet"
                                .formatted(RestAssured.port, ARCHITECTURE)))
                .header("Content-Type", "application/octet-stream")
                .expectContinue(true)
                .PUT(BodyPublishers.ofInputStream(() -> {
                    sent.set(true);
                    return InputStream.nullInputStream();
                }))
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("alexnet");
            assertThat(sent).isFalse();
        }
    }

    @Test
    void saysThatWeightsAreNotHere() {
        problem(
                        given().contentType("image/png")
                                .body(new byte[] {1})
                                .queryParam("backbone", "resnet18.tv_in1k")
                                .post("/v1/embeddings")
                                .then(),
                        409,
                        "weights-absent")
                .body("detail", containsString("./graft weights pull resnet18.tv_in1k"));
        given().get("/v1/backbones")
                .then()
                .statusCode(200)
                .body("find { it.name == 'resnet18.tv_in1k' }.weights", equalTo("downloadable"))
                .body("find { it.name == 'legacy_xception.tf_in1k' }.weights", equalTo("import-needed"))
                .body("find { it.name == 'vgg16.tv_in1k' }.depth", equalTo(16))
                .body("find { it.name == 'vgg16.tv_in1k' }.featureMap", equalTo(List.of(512, 7, 7)))
                .body("[0].weights", equalTo("bundled"));
    }

    private static ValidatableResponse put(String name, byte[] body) {
        return given().contentType("application/octet-stream")
                .body(body)
                .put("/v1/backbones/" + name + "/weights")
                .then();
    }

    private static ValidatableResponse problem(ValidatableResponse response, int status, String kind) {
        return response.statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("https://graft.dev/problems/" + kind));
    }

    private static synchronized byte[] file() {
        if (file == null) {
            file = formula("graft:");
        }
        return file;
    }

    private static byte[] formula(String salt) {
        return file(new FormulaWeights(salt).of(Architectures.named(ARCHITECTURE)));
    }

    private static byte[] file(Weights weights) {
        Map<String, FloatTensor> tensors = new TreeMap<>();
        weights.names().forEach(name -> tensors.put(name, weights.tensor(name)));
        return SafetensorsWriter.toBytes(Map.of(), tensors);
    }

    /// What timm 1.0.31 gives for the same weights and image by its own evaluation transform.
    private static float[] expected() throws IOException {
        Path path = Path.of("src/test/resources/dev/graft/feature", ARCHITECTURE + ".salt-graft.features.safetensors");
        try (Safetensors features = Safetensors.open(path)) {
            return features.tensor("features").toArray();
        }
    }

    /// An image of 317 × 260 slanting waves, one phase a colour.
    private static byte[] image() throws IOException {
        BufferedImage image = new BufferedImage(317, 260, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int rgb = 0;
                for (int colour = 0; colour < 3; colour++) {
                    int phase = x * 3 + y * 5 + colour * 60 + (x * y >> 6) & 255;
                    rgb = rgb << 8 | (phase < 128 ? phase * 2 : (255 - phase) * 2);
                }
                image.setRGB(x, y, rgb);
            }
        }
        return Png.of(image);
    }

    private static float[] array(List<Float> numbers) {
        float[] array = new float[numbers.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = numbers.get(i);
        }
        return array;
    }
}

package dev.graft.feature;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.contracts.EmbeddingsRequested;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.ModelCard;
import dev.graft.contracts.ModelVersionName;
import dev.graft.contracts.Precision;
import dev.graft.contracts.Sha256;
import dev.graft.feature.extractor.ExtractorOpener;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.extractor.OpenExtractor;
import dev.graft.networks.Closeness;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.PatchedSafetensors;
import dev.graft.networks.weights.Safetensors;
import dev.graft.objectstore.ObjectStore;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.Png;
import dev.graft.weightstore.WeightStore;
import dev.graft.weightstore.cdi.WeightsConfig;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Versions of models that were fine-tuned, as backbones.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class TunedBackbonesIT {
    private static final String PUBLISHED = RenamedWeights.BUNDLED.name();
    private static final String TENSOR = "conv_head.weight";

    /// What two engines must agree to, of the features' standard deviation.
    private static final double TOLERANCE = 1e-3;

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

    @Test
    void embedsWithWhatAVersionWasTunedTo() throws Exception {
        byte[] file = tuned("flowers", 1);
        publish("flowers@3", file);
        given().contentType("application/octet-stream")
                .body(file)
                .put("/v1/backbones/tf_efficientnet_lite0.flowers/weights")
                .then()
                .statusCode(200);

        JsonPath embedded = embed("flowers@3")
                .statusCode(200)
                .body("backbone", equalTo("flowers@3"))
                .body("layer", equalTo("global_pool"))
                .extract()
                .jsonPath();

        List<Float> vector = embedded.getList("vector", Float.class);
        assertThat(vector)
                .isEqualTo(vector(embed("tf_efficientnet_lite0.flowers")))
                .isNotEqualTo(vector(embed(PUBLISHED)));
        float[] expected = array(vector);
        for (String engine : List.of("onnxruntime", "pytorch")) {
            ExtractorOpener opener = new ExtractorOpener(engine, "cpu", weights, embedding);
            try (OpenExtractor open = opener.open(extractors.resolve(choice("flowers@3")))) {
                assertThat(Closeness.of(open.embed(image(7)), expected).greatest())
                        .as(engine)
                        .isLessThan(TOLERANCE);
            }
        }
    }

    @Test
    void computesEmbeddingsOfEqualWeightsOnce() throws IOException {
        byte[] file = tuned("roses", 2);
        publish("roses@1", file);
        publish("tulips@2", file);
        publish("weeds@1", tuned("weeds", 3));
        String imageId = stage.store(image(8));

        assertThat(job("roses@1", imageId))
                .extracting(EmbeddingJobAdvanced::computed)
                .isEqualTo(1L);
        store.delete(key("roses@1", ModelCard.FILE));
        store.delete(key("roses@1", ModelCard.BACKBONE));

        assertThat(job("tulips@2", imageId))
                .extracting(EmbeddingJobAdvanced::cached)
                .isEqualTo(1L);
        assertThat(job("weeds@1", imageId))
                .extracting(EmbeddingJobAdvanced::computed)
                .isEqualTo(1L);
        assertThat(extractors.resolve(choice("tulips@2")).backbone())
                .as("the name under which the weights are still there")
                .isEqualTo("tulips@2");
        given().queryParam("backbone", "tulips@2")
                .get("/v1/embeddings/" + imageId)
                .then()
                .statusCode(200);
    }

    /// A version that was tuned and kept as it was has the weights that were published.
    @Test
    void keepsTheNameOfAWeightSet() throws IOException {
        publish("same@1", RenamedWeights.bundled(config.cacheDirectory()));

        assertThat(extractors.resolve(choice(PUBLISHED)))
                .isEqualTo(extractors.resolve(choice("same@1")))
                .extracting(known -> known.backbone())
                .isEqualTo(PUBLISHED);
    }

    @Test
    void describesAVersionAndItsLayers() throws IOException {
        publish("described@1", tuned("described", 4));

        given().get("/v1/backbones/described@1")
                .then()
                .statusCode(200)
                .body("name", equalTo("described@1"))
                .body("architecture", equalTo("tf_efficientnet_lite0"))
                .body("tunedFrom", equalTo(List.of(PUBLISHED)))
                .body("weights", equalTo("present"))
                .body("isDefault", equalTo(false));
        given().get("/v1/backbones/described@1/layers").then().statusCode(200).body("name", hasItem("conv_head"));
        given().get("/v1/backbones/described@2")
                .then()
                .statusCode(404)
                .body("detail", containsString("There is no version 2 of a model described"));
    }

    @Test
    void isComputedInEightBitsOnceThereAreRanges() throws IOException {
        publish("eight@1", tuned("eight", 5));
        given().contentType("image/png")
                .body(image(7))
                .queryParam("backbone", "eight@1")
                .queryParam("precision", "int8")
                .post("/v1/embeddings")
                .then()
                .statusCode(422)
                .body("detail", containsString("./graft weights quantize eight@1"));

        given().contentType("application/json")
                .body(Map.of("manifestKey", stage.manifest(List.of(stage.store(image(1)), stage.store(image(2))))))
                .post("/v1/backbones/eight@1/ranges")
                .then()
                .statusCode(200)
                .body(containsString("rangesSha256"));

        given().contentType("image/png")
                .body(image(7))
                .queryParam("backbone", "eight@1")
                .queryParam("precision", "int8")
                .post("/v1/embeddings")
                .then()
                .statusCode(200)
                .body("precision", equalTo("int8"));
    }

    @Test
    void saysWhyAVersionIsNoBackbone() {
        stage.object(key("plain@1", ModelCard.FILE), card(null).getBytes(StandardCharsets.UTF_8));

        refused("plain@1", "plain@1 was not fine-tuned: its backbone is " + PUBLISHED);
        refused("plain@2", "There is no version 2 of a model plain");
        refused("plain@", "NAME@VERSION");
        embed("plain").statusCode(404).body("detail", containsString("NAME@VERSION"));
    }

    /// A run asks for embeddings by an event, so that nobody is there to be refused.
    @Test
    void endsAJobWhoseVersionIsDeletedWithThatReason() {
        String id = UUID.randomUUID().toString();

        stage.publish(new EmbeddingsRequested(id, choice("deleted@1"), stage.manifest(List.of(stage.store(image(9))))));

        assertThat(stage.receiveJob(id).getLast()).satisfies(end -> {
            assertThat(end.state()).isEqualTo(EmbeddingJobAdvanced.State.FAILED);
            assertThat(end.detail()).contains("There is no version 1 of a model deleted, or it was deleted");
        });
    }

    @Test
    void saysThatTheFileOfAVersionIsDamaged() throws IOException {
        publish("damaged@1", tuned("damaged", 6));
        stage.object(key("damaged@1", ModelCard.BACKBONE), new byte[] {1});

        embed("damaged@1")
                .statusCode(422)
                .body("detail", containsString("The weights of damaged@1 are damaged. Train the model again"));
    }

    private void refused(String backbone, String detail) {
        embed(backbone)
                .statusCode(422)
                .body("type", equalTo("https://graft.dev/problems/setting-unsupported"))
                .body("pointer", equalTo("backbone"))
                .body("detail", containsString(detail));
    }

    private ValidatableResponse embed(String backbone) {
        return given().contentType("image/png")
                .body(image(7))
                .queryParam("backbone", backbone)
                .post("/v1/embeddings")
                .then();
    }

    /// Has an image embedded, and gives the end of the job.
    private EmbeddingJobAdvanced job(String backbone, String imageId) {
        String id = given().contentType("application/json")
                .body(Map.of("imageIds", List.of(imageId), "extractor", Map.of("backbone", backbone)))
                .post("/v1/embedding-jobs")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
        EmbeddingJobAdvanced end = stage.receiveJob(id).getLast();
        assertThat(end.state()).isEqualTo(EmbeddingJobAdvanced.State.COMPLETED);
        return end;
    }

    private static ExtractorChoice choice(String backbone) {
        return new ExtractorChoice(backbone, null, null, Precision.F32);
    }

    private void publish(String name, byte[] file) {
        stage.object(key(name, ModelCard.BACKBONE), file);
        stage.object(key(name, ModelCard.FILE), card(Sha256.of(file)).getBytes(StandardCharsets.UTF_8));
    }

    private static String key(String name, String file) {
        return ModelVersionName.parse(name).bundlePrefix() + file;
    }

    /// A `model.json` as far as it matters here; without digest, of a version that was not fine-tuned.
    private static String card(String sha256) {
        String listed = "{\"backbone.safetensors\": {\"sha256\": \"%s\", \"sizeBytes\": 1}}".formatted(sha256);
        return """
                {"backbone": "%1$s", "lineage": ["%1$s"], "extractor": {"layer": "global_pool"},
                 "preprocessing": {"inputSize": 224, "cropFraction": 0.875, "interpolation": "bicubic",
                                   "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]},
                 "files": %2$s}""".formatted(PUBLISHED, sha256 == null ? "{}" : listed);
    }

    /// The bundled weights in a file of their own, of which one tensor is another.
    private byte[] tuned(String name, long seed) throws IOException {
        try (Safetensors before = Safetensors.of(RenamedWeights.file(config.cacheDirectory(), name))) {
            Random random = new Random(seed);
            float[] values = before.tensor(TENSOR).toArray();
            for (int i = 0; i < values.length; i++) {
                values[i] *= 1 + 0.1f * random.nextFloat();
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            PatchedSafetensors.write(before, Map.of(TENSOR, FloatTensor.of(before.shape(TENSOR), values)), out);
            return out.toByteArray();
        }
    }

    /// An image of noise.
    private static byte[] image(long seed) {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        return Png.of(image);
    }

    private static List<Float> vector(ValidatableResponse embedded) {
        return embedded.statusCode(200).extract().jsonPath().getList("vector", Float.class);
    }

    private static float[] array(List<Float> numbers) {
        float[] array = new float[numbers.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = numbers.get(i);
        }
        return array;
    }
}

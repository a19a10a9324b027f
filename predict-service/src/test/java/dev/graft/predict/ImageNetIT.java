package dev.graft.predict;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.contracts.LabelProbability;
import dev.graft.contracts.ModelCard;
import dev.graft.contracts.ObjectKeys;
import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.ImageNetClass;
import dev.graft.networks.network.Shape;
import dev.graft.networks.weights.BundledWeights;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Safetensors;
import dev.graft.networks.weights.SafetensorsWriter;
import dev.graft.networks.weights.Weights;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.predict.imagenet.ImageNetClassifiers;
import dev.graft.predict.model.ServedModel;
import dev.graft.problem.Problem;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.testkit.GraftBackends;
import dev.graft.weightstore.WeightStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class ImageNetIT {
    private static final Backbone BUNDLED = Catalogue.standard().defaultBackbone();
    private static final long MAX_BYTES = 32 << 20;

    /// The expected probabilities were computed by another decoder of JPEG, and are given to six digits.
    private static final double TOLERANCE = 1e-3;

    @TempDir
    private Path directory;

    @Inject
    ObjectStore objects;

    @Inject
    ImageNetClassifiers classifiers;

    @Test
    void namesWhatIsOnPhotographsAsTimmDoes() throws IOException {
        Path shared = Path.of(System.getProperty("graft.shared", "../../shared"));
        Path expected = shared.resolve("reference/real/tf_efficientnet_lite0.in1k.top5.tsv");
        assumeTrue(Files.exists(expected), "the reference photographs are not here: " + expected);
        List<ImageNetClass> classes = ImageNetClass.all();
        for (String line : Files.readAllLines(expected)) {
            String[] columns = line.split("\t");
            List<LabelProbability> predictions = given().contentType("image/jpeg")
                    .body(Files.readAllBytes(shared.resolve("datasets").resolve(columns[0])))
                    .post("/v1/models/imagenet/predict")
                    .then()
                    .statusCode(200)
                    .body("model", equalTo("imagenet"))
                    .body("version", equalTo(1))
                    .extract()
                    .jsonPath()
                    .getList("predictions", LabelProbability.class);
            assertThat(predictions).hasSize(5);
            for (int rank = 0; rank < 5; rank++) {
                String[] wanted = columns[rank + 1].split(":");
                assertThat(predictions.get(rank).label())
                        .isEqualTo(classes.get(Integer.parseInt(wanted[0])).words());
                assertThat(predictions.get(rank).probability())
                        .as(line)
                        .isCloseTo(Double.parseDouble(wanted[1]), within(TOLERANCE));
            }
        }
    }

    @Test
    void asksTheClassifierOfAnyWeightsThatHaveOne() throws IOException {
        register("efficientnet_lite0.whole", true);

        given().multiPart("file", "a.png", TestImages.png(1), "image/png")
                .multiPart("file", "b.png", TestImages.png(2), "image/png")
                .post("/v1/models/imagenet/predict?backbone=efficientnet_lite0.whole&top=3")
                .then()
                .statusCode(200)
                .body("results", hasSize(2))
                .body("results[1].model", equalTo("imagenet"))
                .body("results[1].predictions", hasSize(3));
    }

    @Test
    void explainsWhyABackboneCannotBeAsked() throws IOException {
        register("efficientnet_lite0.headless", false);

        refuse("imagenet", "efficientnet_lite0.headless", 422, ProblemType.SETTING_UNSUPPORTED, "no classifier");
        refuse("imagenet", "resnet18.tv_in1k", 409, ProblemType.WEIGHTS_ABSENT, "resnet18.tv_in1k");
        refuse("imagenet", "alexnet", 404, ProblemType.BACKBONE_NOT_FOUND, "alexnet");
        refuse("imagenet", "tuned@2", 404, ProblemType.BACKBONE_NOT_FOUND, "no version 2 of a model tuned");
        refuse("roses", "tf_efficientnet_lite0", 422, ProblemType.SETTING_UNSUPPORTED, "imagenet");
    }

    /// Its last layer was left behind when the layers below it were tuned.
    @Test
    void refusesTheClassifierOfAVersionThatWasFineTuned() {
        String card = """
                {"backbone": "%s", "extractor": {"layer": "global_pool"},
                 "preprocessing": {"inputSize": 224, "cropFraction": 0.875, "interpolation": "bicubic",
                                   "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]},
                 "files": {"backbone.safetensors": {"sha256": "%s", "sizeBytes": 1}}}""".formatted(BUNDLED.name(), BUNDLED.sha256().orElseThrow());
        objects.put(
                ObjectKeys.bundlePrefix("tuned", 1) + ModelCard.FILE,
                ObjectContent.of(card.getBytes(StandardCharsets.UTF_8), "application/json"));

        refuse("imagenet", "tuned@1", 422, ProblemType.SETTING_UNSUPPORTED, "tuned@1 was fine-tuned");
    }

    /// The variance that a normalisation divides by, as its root, is negative. The file says so, and is well formed.
    @Test
    void answersNoProbabilitiesThatAreNotFinite() throws IOException {
        float[] variance = new float[1280];
        Arrays.fill(variance, -1);
        WeightStore another = new WeightStore(objects, directory);
        try (Safetensors whole = Safetensors.open(bundled())) {
            Weights damaged = whole.with(Map.of("bn2.running_var", FloatTensor.of(Shape.of(1280), variance)));
            Backbone unused =
                    another.register("efficientnet_lite0.damaged", null, file(damaged, name -> true), MAX_BYTES);
        }

        refuse("imagenet", "efficientnet_lite0.damaged", 422, ProblemType.WEIGHTS_INVALID, "not finite");
    }

    @Test
    void keepsAFewClassifiersAndClosesNoneInUse() throws Exception {
        List<String> names = IntStream.range(0, 4)
                .mapToObj(i -> "efficientnet_lite0.many" + i)
                .toList();
        for (String name : names) {
            register(name, true);
        }
        int side = BUNDLED.preprocessing().inputSizePixels();
        byte[] pixels = new byte[3 * side * side];
        try (ServedModel first = classifiers.lend(names.getFirst());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = IntStream.range(0, 16)
                    .mapToObj(i -> threads.submit(() -> {
                        try (ServedModel model = classifiers.lend(names.get(i % names.size()))) {
                            return model.classify(pixels)[0].length;
                        }
                    }))
                    .toList();
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(1000);
            }
            assertThat(first.classify(pixels)[0]).hasSize(1000);
        }
        Assertions.assertThatThrownBy(() -> classifiers.lend("efficientnet_lite0.none"))
                .isInstanceOf(ProblemException.class);
    }

    private static void refuse(String model, String backbone, int status, ProblemType type, String words) {
        given().contentType("image/png")
                .body(TestImages.png(1))
                .queryParam("backbone", backbone)
                .post("/v1/models/" + model + "/predict")
                .then()
                .statusCode(status)
                .contentType(Problem.MEDIA_TYPE)
                .body("type", equalTo(type.uri().toString()))
                .body("detail", containsString(words));
    }

    /// Registers the bundled weights by another name, as another service would.
    private void register(String name, boolean classifier) throws IOException {
        WeightStore another = new WeightStore(objects, directory);
        try (InputStream file = classifier ? Files.newInputStream(bundled()) : headless()) {
            Backbone unused = another.register(name, null, file, MAX_BYTES);
        }
    }

    private Path bundled() throws IOException {
        return new BundledWeights(directory)
                .file(BUNDLED.name(), BUNDLED.sha256().orElseThrow());
    }

    private InputStream headless() throws IOException {
        try (Safetensors whole = Safetensors.open(bundled())) {
            return file(whole, name -> !name.startsWith("classifier."));
        }
    }

    private static InputStream file(Weights weights, Predicate<String> wanted) {
        Map<String, FloatTensor> tensors = new TreeMap<>();
        weights.names().stream()
                .filter(wanted)
                .filter(name -> !name.endsWith("num_batches_tracked"))
                .forEach(name -> tensors.put(name, weights.tensor(name)));
        return new ByteArrayInputStream(SafetensorsWriter.toBytes(Map.of(), tensors));
    }
}

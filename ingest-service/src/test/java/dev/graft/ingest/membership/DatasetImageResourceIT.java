package dev.graft.ingest.membership;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.graft.contracts.ImageIngested;
import dev.graft.contracts.ImageLabelled;
import dev.graft.contracts.ImageRejected;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Split;
import dev.graft.contracts.Topics;
import dev.graft.ingest.Images;
import dev.graft.ingest.PublishedEvents;
import dev.graft.ingest.Service;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.ProblemType;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class DatasetImageResourceIT {
    @Inject
    ObjectStore objects;

    @Test
    void addsAnImageAndPublishesIt() {
        String dataset = Service.dataset();
        byte[] image = Images.png();
        String id = Images.id(image);

        given().contentType("image/png")
                .header("Content-Disposition", "attachment; filename=\"ant 1.png\"")
                .body(image)
                .post("/v1/datasets/{name}/images?label=ants&split=train", dataset)
                .then()
                .statusCode(201)
                .body("id", equalTo(id))
                .body("dataset", equalTo(dataset))
                .body("label", equalTo("ants"))
                .body("split", equalTo("train"))
                .body("file", equalTo("ant 1.png"))
                .body("mediaType", equalTo("image/png"))
                .body("sizeBytes", equalTo(image.length))
                .body("widthPixels", equalTo(24))
                .body("heightPixels", equalTo(16));

        assertThat(objects.read(ObjectKeys.image(id), 1 << 20)).isEqualTo(image);
        assertThat(PublishedEvents.events(
                        Topics.IMAGES_INGESTED,
                        ImageIngested.class,
                        1,
                        event -> event.imageId().equals(id)))
                .containsExactly(new ImageIngested(id, image.length, "image/png", 24, 16));
        assertThat(PublishedEvents.events(
                        Topics.IMAGES_LABELLED,
                        ImageLabelled.class,
                        1,
                        event -> event.imageId().equals(id)))
                .containsExactly(new ImageLabelled(dataset, id, "ants", Split.TRAIN));
    }

    @Test
    void knowsAnImageThatComesAgain() {
        String dataset = Service.dataset();
        byte[] image = Images.png();
        Service.upload(dataset, "ants", image).statusCode(201);

        Service.upload(dataset, "ants", image).statusCode(200).body("label", equalTo("ants"));

        when().get("/v1/datasets/{name}", dataset).then().body("images", equalTo(1));
    }

    @Test
    void keepsOneImageAndPublishesItOnceWhenManySendItAtOnce() throws Exception {
        List<String> datasets = List.of(Service.dataset(), Service.dataset());
        byte[] image = Images.png();
        String id = Images.id(image);

        try (ExecutorService senders = Executors.newFixedThreadPool(12)) {
            List<Callable<Integer>> sends = IntStream.range(0, 24)
                    .<Callable<Integer>>mapToObj(i -> () -> Service.upload(datasets.get(i % 2), "ants", image)
                            .extract()
                            .statusCode())
                    .toList();
            List<Integer> statuses =
                    senders.invokeAll(sends).stream().map(Future::resultNow).toList();
            assertThat(statuses).containsOnly(200, 201);
            assertThat(statuses.stream().filter(status -> status == 201)).hasSize(2);
        }

        when().get("/v1/images/{id}", id).then().statusCode(200);
        byte[] last = Images.png();
        Service.upload(datasets.getFirst(), "ants", last).statusCode(201);
        PublishedEvents.events(
                Topics.IMAGES_INGESTED,
                ImageIngested.class,
                1,
                event -> event.imageId().equals(Images.id(last)));
        assertThat(PublishedEvents.events(
                        Topics.IMAGES_INGESTED,
                        ImageIngested.class,
                        1,
                        event -> event.imageId().equals(id)))
                .hasSize(1);
        assertThat(PublishedEvents.events(
                        Topics.IMAGES_LABELLED,
                        ImageLabelled.class,
                        2,
                        event -> event.imageId().equals(id)))
                .hasSize(2);
    }

    @Test
    void refusesAnImageThatHasAnotherLabelAndRecordsItOnce() {
        String dataset = Service.dataset();
        byte[] image = Images.png();
        Service.upload(dataset, "ants", image).statusCode(201);

        Service.isProblem(Service.upload(dataset, "bees", image), ProblemType.LABEL_CONFLICT);
        Service.isProblem(Service.upload(dataset, "bees", image), ProblemType.LABEL_CONFLICT);

        assertThat(rejects(dataset)).hasSize(1);
        assertThat(PublishedEvents.events(
                        Topics.IMAGES_REJECTED,
                        ImageRejected.class,
                        1,
                        event -> event.datasetName().equals(dataset)))
                .singleElement()
                .satisfies(event -> assertThat(event.problemType())
                        .isEqualTo(ProblemType.LABEL_CONFLICT.uri().toString()));
    }

    @Test
    void refusesAFileThatIsNoImage() {
        String dataset = Service.dataset();
        byte[] text = "<html>404</html>".getBytes(UTF_8);

        Service.isProblem(Service.upload(dataset, "ants", text), ProblemType.IMAGE_FORMAT_UNSUPPORTED);
        Service.isProblem(Service.upload(dataset, "ants", new byte[0]), ProblemType.IMAGE_EMPTY);

        assertThat(rejects(dataset)).hasSize(2);
        when().get("/v1/datasets/{name}", dataset).then().body("images", equalTo(0));
    }

    @Test
    void refusesAFileThatIsTooLarge() {
        String dataset = Service.dataset();

        Service.isProblem(Service.upload(dataset, "ants", new byte[(20 << 20) + 1]), ProblemType.IMAGE_TOO_LARGE);

        when().get("/v1/datasets/{name}", dataset).then().statusCode(200);
    }

    @Test
    void refusesRequestsThatSayTooLittleOrNonsense() {
        String dataset = Service.dataset();
        byte[] image = Images.png();

        Service.isProblem(
                        given().contentType("image/png")
                                .body(image)
                                .post("/v1/datasets/{n}/images", dataset)
                                .then(),
                        ProblemType.LABEL_MISSING)
                .body("pointer", equalTo("label"));
        Service.isProblem(Service.upload(dataset, " ", image), ProblemType.INVALID_REQUEST);
        Service.isProblem(Service.upload(dataset, "x".repeat(201), image), ProblemType.INVALID_REQUEST);
        Service.isProblem(
                        given().contentType("image/png")
                                .body(image)
                                .post("/v1/datasets/{n}/images?label=a&split=half", dataset)
                                .then(),
                        ProblemType.INVALID_REQUEST)
                .body("pointer", equalTo("split"));
        Service.isProblem(
                given().contentType("text/plain")
                        .body("x")
                        .post("/v1/datasets/{n}/images?label=a", dataset)
                        .then(),
                ProblemType.UNSUPPORTED_MEDIA_TYPE);
        Service.isProblem(Service.upload("none", "ants", image), ProblemType.DATASET_NOT_FOUND);
    }

    @Test
    void givesTheSameAnswerUnderTheSameKey() {
        String dataset = Service.dataset();
        byte[] image = Images.png();
        String key = UUID.randomUUID().toString();

        for (int i = 0; i < 2; i++) {
            given().contentType("image/png")
                    .header("Idempotency-Key", key)
                    .body(image)
                    .post("/v1/datasets/{name}/images?label=ants", dataset)
                    .then()
                    .statusCode(201)
                    .body("id", equalTo(Images.id(image)));
        }
        Service.isProblem(
                given().contentType("image/png")
                        .header("Idempotency-Key", key)
                        .body(Images.png())
                        .post("/v1/datasets/{name}/images?label=ants", dataset)
                        .then(),
                ProblemType.IDEMPOTENCY_KEY_REUSED);
    }

    @Test
    void takesManyFilesOfAFormAndSaysWhatBecameOfEach() {
        String dataset = Service.dataset();
        byte[] image = Images.png();

        JsonPath results = given().multiPart("files", "1.png", image, "image/png")
                .multiPart("files", "2.txt", "text".getBytes(UTF_8), "text/plain")
                .multiPart("files", "3.png", image, "image/png")
                .post("/v1/datasets/{name}/images?label=ants", dataset)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();

        assertThat(results.getList("results.file")).containsExactly("1.png", "2.txt", "3.png");
        assertThat(results.getList("results.added")).containsExactly(true, false, false);
        assertThat(results.getString("results[0].image.id")).isEqualTo(Images.id(image));
        assertThat(results.getString("results[1].problem.type"))
                .isEqualTo(ProblemType.IMAGE_FORMAT_UNSUPPORTED.uri().toString());
        assertThat(results.getString("results[2].image.file")).isEqualTo("1.png");
    }

    @Test
    void listsImagesOfALabelOrAPartInPages() {
        String dataset = Service.dataset();
        for (int i = 0; i < 3; i++) {
            Service.upload(dataset, "ants", Images.png()).statusCode(201);
            given().contentType("image/png")
                    .body(Images.png())
                    .post("/v1/datasets/{n}/images?label=bees&split=test", dataset)
                    .then()
                    .statusCode(201);
        }

        assertThat(list(dataset, "label=ants").getList("items.label")).containsExactly("ants", "ants", "ants");
        assertThat(list(dataset, "split=test").getList("items.label")).containsExactly("bees", "bees", "bees");
        JsonPath page = list(dataset, "limit=4");
        List<String> ids = page.getList("items.id");
        assertThat(ids).hasSize(4).isSorted();
        assertThat(list(dataset, "limit=4&after=" + page.getString("next")).getList("items.id"))
                .hasSize(2)
                .doesNotContainAnyElementsOf(ids);
    }

    @Test
    void givesAnImageAnotherLabelAndPublishesItWhenItChanged() {
        String dataset = Service.dataset();
        byte[] image = Images.png();
        String id = Images.id(image);
        Service.upload(dataset, "ants", image).statusCode(201).body("split", nullValue());

        for (int i = 0; i < 2; i++) {
            label(dataset, id, "{\"label\":\"bees\",\"split\":\"val\"}")
                    .statusCode(200)
                    .body("label", equalTo("bees"))
                    .body("split", equalTo("val"));
        }
        label(dataset, id, "{\"label\":\"wasps\"}").statusCode(200).body("split", equalTo("val"));

        assertThat(PublishedEvents.events(
                        Topics.IMAGES_LABELLED,
                        ImageLabelled.class,
                        3,
                        event -> event.imageId().equals(id)))
                .containsExactly(
                        new ImageLabelled(dataset, id, "ants", null),
                        new ImageLabelled(dataset, id, "bees", Split.VALIDATION),
                        new ImageLabelled(dataset, id, "wasps", Split.VALIDATION));
    }

    @Test
    void refusesALabelForAnImageThatTheDatasetDoesNotHave() {
        String dataset = Service.dataset();

        Service.isProblem(label(dataset, "0".repeat(64), "{\"label\":\"bees\"}"), ProblemType.IMAGE_NOT_FOUND);
        Service.isProblem(label(dataset, "0".repeat(64), "{\"label\":\"\"}"), ProblemType.INVALID_REQUEST);
        Service.isProblem(label(dataset, "0".repeat(64), "{}"), ProblemType.INVALID_REQUEST);
    }

    private static ValidatableResponse label(String dataset, String id, String body) {
        return given().contentType("application/json")
                .body(body)
                .put("/v1/datasets/{name}/images/{id}/label", dataset, id)
                .then();
    }

    private static JsonPath list(String dataset, String query) {
        return when().get("/v1/datasets/%s/images?%s".formatted(dataset, query))
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private static List<String> rejects(String dataset) {
        return given().queryParam("dataset", dataset)
                .get("/v1/rejects")
                .then()
                .statusCode(200)
                .extract()
                .path("items.id");
    }
}

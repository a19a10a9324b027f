package dev.graft.ingest.reject;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.graft.ingest.Archives;
import dev.graft.ingest.Images;
import dev.graft.ingest.Service;
import dev.graft.problem.ProblemType;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class RejectResourceIT {

    @Test
    void listsWhatWasRefusedInPages() {
        String dataset = Service.dataset();
        for (int i = 0; i < 3; i++) {
            Service.upload(dataset, "ants", ("text " + i).getBytes(UTF_8)).statusCode(415);
        }

        JsonPath page = list("dataset=" + dataset + "&limit=2");
        assertThat(page.getList("items.dataset")).containsExactly(dataset, dataset);
        assertThat(page.getList("items.replayable")).containsExactly(true, true);
        assertThat(page.getString("items[0].file")).isEqualTo("ants/picture");
        assertThat(page.getString("items[0].type"))
                .isEqualTo(ProblemType.IMAGE_FORMAT_UNSUPPORTED.uri().toString());
        assertThat(list("dataset=" + dataset + "&limit=2&after=" + page.getString("next"))
                        .getList("items"))
                .hasSize(1);
    }

    @Test
    void addsAnImageByAnotherTryOnceItsConflictIsMended() {
        String dataset = Service.dataset();
        byte[] image = Images.png();
        Service.upload(dataset, "ants", image).statusCode(201);
        Service.upload(dataset, "bees", image).statusCode(409);
        String reject = list("dataset=" + dataset).getString("items[0].id");

        Service.isProblem(when().post("/v1/rejects/{id}/replay", reject).then(), ProblemType.LABEL_CONFLICT);
        given().contentType("application/json")
                .body("{\"label\":\"bees\"}")
                .put("/v1/datasets/{name}/images/{id}/label", dataset, Images.id(image))
                .then()
                .statusCode(200);
        when().post("/v1/rejects/{id}/replay", reject).then().statusCode(200).body("label", equalTo("bees"));

        JsonPath rejects = list("dataset=" + dataset);
        assertThat(rejects.getList("items.replayedAs")).containsExactly(Images.id(image));
    }

    @Test
    void refusesAgainWhatIsStillNoImage() {
        String dataset = Service.dataset();
        Service.upload(dataset, "ants", "text".getBytes(UTF_8)).statusCode(415);
        String reject = list("dataset=" + dataset).getString("items[0].id");

        Service.isProblem(when().post("/v1/rejects/{id}/replay", reject).then(), ProblemType.IMAGE_FORMAT_UNSUPPORTED);

        assertThat(list("dataset=" + dataset).getList("items")).hasSize(1);
    }

    @Test
    void saysWhenTheBytesWereNotKept() {
        String dataset = Service.dataset();
        JsonPath view =
                Service.importAll(dataset, Archives.tar(Map.of("ants/1.png", Images.png(), "stray.png", Images.png())));
        JsonPath rejects = list("import=" + view.getString("id"));

        assertThat(rejects.getList("items.replayable")).containsExactly(false);
        String reject = rejects.getString("items[0].id");
        Service.isProblem(when().post("/v1/rejects/{id}/replay", reject).then(), ProblemType.LABEL_MISSING);
        Service.isProblem(
                when().post("/v1/rejects/{id}/replay?label=ants", reject).then(), ProblemType.CONFLICT);
    }

    @Test
    void saysThatARefusalDoesNotExist() {
        Service.isProblem(
                when().post("/v1/rejects/{id}/replay", UUID.randomUUID()).then(), ProblemType.REJECT_NOT_FOUND);
        Service.isProblem(when().get("/v1/rejects?after=x").then(), ProblemType.INVALID_REQUEST);
        assertThat(list("dataset=none").getList("items")).isEqualTo(List.of());
    }

    private static JsonPath list(String query) {
        return when().get("/v1/rejects?" + query)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }
}

package dev.graft.ingest;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.graft.problem.Problem;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class NastyImagesIT {
    private static final Path FOLDER = Path.of(System.getProperty("graft.shared"), "nasty");
    private static final String IMAGE_PROBLEM = "https://graft.dev/problems/image-";

    @BeforeAll
    static void needsTheImages() {
        Assumptions.assumeTrue(Files.isDirectory(FOLDER), () -> "there are no nasty pictures at " + FOLDER);
    }

    @Test
    void takesOrRefusesEachImageAndAlwaysSaysWhy() throws IOException {
        String dataset = Service.dataset();
        for (Path file : files()) {
            String name = file.getFileName().toString();
            ExtractableResponse<Response> response = given().contentType("image/jpeg")
                    .body(Files.readAllBytes(file))
                    .post("/v1/datasets/{dataset}/images?label=nasty", dataset)
                    .then()
                    .extract();
            if (response.statusCode() >= 400) {
                assertThat(response.statusCode()).as(name).isIn(413, 415, 422);
                assertThat(response.contentType()).as(name).isEqualTo(Problem.MEDIA_TYPE);
                assertThat(response.jsonPath().getString("type")).as(name).startsWith(IMAGE_PROBLEM);
                assertThat(response.jsonPath().getString("detail")).as(name).isNotBlank();
            } else {
                assertThat(response.jsonPath().getInt("widthPixels")).as(name).isPositive();
            }
            if (name.startsWith("plain") || name.startsWith("cmyk") || name.startsWith("exif__")) {
                assertThat(response.statusCode()).as(name).isEqualTo(201);
            }
            if (name.startsWith("bomb__12000") || name.startsWith("bomb__jpeg") || name.startsWith("bad__truncated")) {
                assertThat(response.statusCode()).as(name).isEqualTo(422);
            }
        }
        when().get("/q/health/live").then().statusCode(200).body("status", equalTo("UP"));
    }

    @Test
    void importsThemTogetherAndNamesEachThatItRefuses() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (Path file : files()) {
            files.put("nasty/" + file.getFileName(), Files.readAllBytes(file));
        }

        JsonPath view = Service.importAll(Service.dataset(), Archives.zip(files));

        assertThat(view.getString("state")).isEqualTo("SUCCEEDED");
        assertThat(view.getInt("images")).isEqualTo(files.size());
        assertThat(view.<String>getList("rejected.type")).allMatch(type -> type.startsWith(IMAGE_PROBLEM));
        assertThat(view.<String>getList("rejected.detail")).allMatch(detail -> !detail.isBlank());
        assertThat(view.<String>getList("rejected.file"))
                .contains("nasty/bad__empty.jpg", "nasty/bad__html_named.jpg", "nasty/bomb__12000x12000_rgb.png")
                .doesNotContain("nasty/plain__flower.jpg", "nasty/odd__jpeg_named.png");
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> found = Files.list(FOLDER)) {
            return found.filter(file -> !file.toString().endsWith(".tsv"))
                    .sorted()
                    .toList();
        }
    }
}

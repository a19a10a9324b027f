package dev.graft.ingest.image;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.graft.ingest.Pictures;
import dev.graft.ingest.Service;
import dev.graft.problem.ProblemType;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class ImageResourceIT {

    @Test
    void givesAPictureBackAsItCame() {
        byte[] picture = Pictures.png();
        String id = Pictures.id(picture);
        Service.upload(Service.dataset(), "ants", picture).statusCode(201);

        when().get("/v1/images/{id}", id)
                .then()
                .statusCode(200)
                .body("id", equalTo(id))
                .body("mediaType", equalTo("image/png"))
                .body("sizeBytes", equalTo(picture.length))
                .body("ingestedAt", notNullValue());
        byte[] content = when().get("/v1/images/{id}/content", id)
                .then()
                .statusCode(200)
                .contentType("image/png")
                .header("Content-Length", Integer.toString(picture.length))
                .header("Cache-Control", containsString("immutable"))
                .header("X-Content-Type-Options", "nosniff")
                .header("ETag", "\"" + id + "\"")
                .extract()
                .asByteArray();
        assertThat(content).isEqualTo(picture);
    }

    @Test
    void sendsNothingToWhoHasThePicture() {
        byte[] picture = Pictures.png();
        String id = Pictures.id(picture);
        Service.upload(Service.dataset(), "ants", picture).statusCode(201);

        given().header("If-None-Match", "\"" + id + "\"")
                .get("/v1/images/{id}/content", id)
                .then()
                .statusCode(304);
        given().header("If-None-Match", "\"" + id + "-64\"")
                .get("/v1/images/{id}/thumbnail?size=64", id)
                .then()
                .statusCode(304);
    }

    @Test
    void makesAThumbnailThatFits() throws Exception {
        byte[] picture = Pictures.png();
        Service.upload(Service.dataset(), "ants", picture).statusCode(201);

        byte[] thumbnail = when().get("/v1/images/{id}/thumbnail?size=18", Pictures.id(picture))
                .then()
                .statusCode(200)
                .contentType("image/jpeg")
                .extract()
                .asByteArray();

        BufferedImage image = ImageIO.read(new ByteArrayInputStream(thumbnail));
        assertThat(image.getWidth()).isEqualTo(18);
        assertThat(image.getHeight()).isEqualTo(12);
    }

    @Test
    void saysThatAPictureDoesNotExist() {
        String id = "0".repeat(64);

        Service.isProblem(when().get("/v1/images/{id}", id).then(), ProblemType.IMAGE_NOT_FOUND);
        Service.isProblem(when().get("/v1/images/{id}/content", id).then(), ProblemType.IMAGE_NOT_FOUND);
        Service.isProblem(when().get("/v1/images/{id}/thumbnail", id).then(), ProblemType.IMAGE_NOT_FOUND);
        Service.isProblem(when().get("/v1/images/{id}/thumbnail?size=9", id).then(), ProblemType.INVALID_REQUEST);
    }
}

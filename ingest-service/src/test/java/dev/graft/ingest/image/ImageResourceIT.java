package dev.graft.ingest.image;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.graft.contracts.ObjectKeys;
import dev.graft.ingest.Images;
import dev.graft.ingest.Service;
import dev.graft.ingest.intake.HeldFiles;
import dev.graft.messaging.Transactions;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.ProblemType;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class ImageResourceIT {
    @Inject
    ObjectStore objects;

    @Inject
    Transactions transactions;

    @Inject
    HeldFiles held;

    @Test
    void givesAnImageBackAsItCame() {
        byte[] image = Images.png();
        String id = Images.id(image);
        Service.upload(Service.dataset(), "ants", image).statusCode(201);

        when().get("/v1/images/{id}", id)
                .then()
                .statusCode(200)
                .body("id", equalTo(id))
                .body("mediaType", equalTo("image/png"))
                .body("sizeBytes", equalTo(image.length))
                .body("ingestedAt", notNullValue());
        byte[] content = when().get("/v1/images/{id}/content", id)
                .then()
                .statusCode(200)
                .contentType("image/png")
                .header("Content-Length", Integer.toString(image.length))
                .header("Cache-Control", containsString("immutable"))
                .header("X-Content-Type-Options", "nosniff")
                .header("ETag", "\"" + id + "\"")
                .extract()
                .asByteArray();
        assertThat(content).isEqualTo(image);
    }

    @Test
    void sendsNothingToWhoHasTheImage() {
        byte[] image = Images.png();
        String id = Images.id(image);
        Service.upload(Service.dataset(), "ants", image).statusCode(201);

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
        byte[] image = Images.png();
        Service.upload(Service.dataset(), "ants", image).statusCode(201);

        byte[] thumbnail = when().get("/v1/images/{id}/thumbnail?size=18", Images.id(image))
                .then()
                .statusCode(200)
                .contentType("image/jpeg")
                .extract()
                .asByteArray();

        BufferedImage small = ImageIO.read(new ByteArrayInputStream(thumbnail));
        assertThat(small.getWidth()).isEqualTo(18);
        assertThat(small.getHeight()).isEqualTo(12);
    }

    @Test
    void saysThatAnImageDoesNotExist() {
        String id = "0".repeat(64);

        Service.isProblem(when().get("/v1/images/{id}", id).then(), ProblemType.IMAGE_NOT_FOUND);
        Service.isProblem(when().get("/v1/images/{id}/content", id).then(), ProblemType.IMAGE_NOT_FOUND);
        Service.isProblem(when().get("/v1/images/{id}/thumbnail", id).then(), ProblemType.IMAGE_NOT_FOUND);
        Service.isProblem(when().get("/v1/images/{id}/thumbnail?size=9", id).then(), ProblemType.INVALID_REQUEST);
    }

    @Test
    void saysWhyAStoredImageHasNoThumbnail() {
        byte[] png = Images.png();

        Service.isProblem(thumbnail(stored(Arrays.copyOf(png, png.length / 2))), ProblemType.IMAGE_TRUNCATED);
        Service.isProblem(
                thumbnail(stored(("text " + UUID.randomUUID()).getBytes(UTF_8))), ProblemType.IMAGE_FORMAT_UNSUPPORTED);
    }

    @Test
    @Timeout(60)
    void isTooBusyForAThumbnailWhileOtherFilesUseTheMemory() throws Exception {
        byte[] image = Images.png();
        Service.upload(Service.dataset(), "ants", image).statusCode(201);

        try (HeldFiles.Room _ = held.room(Integer.MAX_VALUE)) {
            long asked = System.nanoTime();
            Service.isProblem(thumbnail(Images.id(image)), ProblemType.TOO_BUSY).header("Retry-After", "1");
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(5));
        }

        thumbnail(Images.id(image)).statusCode(200);
    }

    private static ValidatableResponse thumbnail(String imageId) {
        return when().get("/v1/images/{id}/thumbnail", imageId).then();
    }

    /// Stores bytes as an image that an earlier decoder took.
    private String stored(byte[] file) {
        String id = Images.id(file);
        objects.put(ObjectKeys.image(id), ObjectContent.of(file, "image/png"));
        transactions.call(session -> session.createNativeQuery("""
                        insert into image (id, size_bytes, media_type, width_pixels, height_pixels)
                        values (:id, :size, 'image/png', 24, 16)""")
                .setParameter("id", id)
                .setParameter("size", file.length)
                .executeUpdate());
        return id;
    }
}

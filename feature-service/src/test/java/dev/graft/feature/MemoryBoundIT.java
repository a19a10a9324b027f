package dev.graft.feature;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.contracts.EmbeddingsRequested;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.feature.extractor.ExtractorPool;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.extractor.OpenExtractor;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What a service does that has memory for a few images in a network.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@TestProfile(MemoryBoundIT.Tight.class)
class MemoryBoundIT {
    /// One image of this size takes 76 MiB in the default network, which itself takes 26.
    private static final int TOO_LARGE_PIXELS = 512;

    public static class Tight implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("graft.embedding.native-memory", "96M", "graft.embedding.threads", "2");
        }
    }

    @Inject
    Stage stage;

    @Inject
    Extractors extractors;

    @Inject
    ExtractorPool pool;

    @Test
    void refusesAJobWhoseImagesTakeTooMuchWithTheFieldAndTheBound() {
        refused(given().contentType("application/json")
                .body(Map.of(
                        "extractor",
                        Map.of("inputSizePixels", TOO_LARGE_PIXELS),
                        "imageIds",
                        List.of("0123456789abcdef".repeat(4))))
                .post("/v1/embedding-jobs")
                .then());
    }

    @Test
    void refusesAPostedImageThatTakesTooMuchInTheSameWay() {
        refused(given().contentType("image/png")
                .queryParam("inputSize", TOO_LARGE_PIXELS)
                .body(DrawnImages.small(1))
                .post("/v1/embeddings")
                .then());
    }

    private static void refused(ValidatableResponse response) {
        response.statusCode(422)
                .body("type", equalTo("https://graft.dev/problems/setting-unsupported"))
                .body("pointer", equalTo("inputSizePixels"))
                .body("detail", containsString("this service has 96 MiB for it"));
    }

    /// Another service may have more memory, and what it has computed is read here.
    @Test
    void readsEmbeddingsThatItWouldNotCompute() {
        given().queryParam("inputSize", TOO_LARGE_PIXELS)
                .get("/v1/embeddings/" + "0123456789abcdef".repeat(4))
                .then()
                .statusCode(404)
                .body("type", equalTo("https://graft.dev/problems/embedding-not-found"));
    }

    @Test
    void endsAJobThatCameAsAnEventWithTheReason() {
        String id = UUID.randomUUID().toString();

        stage.publish(new EmbeddingsRequested(
                id,
                new ExtractorChoice(null, null, TOO_LARGE_PIXELS, Precision.F32),
                stage.manifest(List.of(stage.store(DrawnImages.small(2))))));

        assertThat(stage.receiveJob(id).getLast()).satisfies(end -> {
            assertThat(end.state()).isEqualTo(EmbeddingJobAdvanced.State.FAILED);
            assertThat(end.detail()).contains("this service has 96 MiB for it");
        });
    }

    /// Fewer images at a time take longer, and give the same numbers.
    @Test
    void computesWhatFitsWithFewerImagesAtATime() {
        try (ExtractorPool.Loan loan = pool.borrow(known(448))) {
            assertThat(loan.extractor().maxBatch()).isEqualTo(1);
        }
        String id = UUID.randomUUID().toString();
        stage.publish(new EmbeddingsRequested(
                id,
                new ExtractorChoice(null, null, 448, Precision.F32),
                stage.manifest(List.of(stage.store(DrawnImages.small(3)), stage.store(DrawnImages.small(4))))));

        assertThat(stage.receiveJob(id).getLast())
                .matches(end -> end.state() == EmbeddingJobAdvanced.State.COMPLETED && end.computed() == 2);
    }

    @Test
    void closesNetworksThatAreNotInUseForThoseThatAre() {
        OpenExtractor first;
        try (ExtractorPool.Loan loan = pool.borrow(known(160))) {
            first = loan.extractor();
            assertThat(vector(first)).hasSize(1280);
        }

        try (ExtractorPool.Loan loan = pool.borrow(known(192))) {
            assertThat(vector(loan.extractor())).hasSize(1280);
            assertThatIllegalStateException().isThrownBy(() -> vector(first)).withMessageContaining("closed");
        }
    }

    private static float[] vector(OpenExtractor extractor) {
        return extractor.embed(FloatBuffer.allocate(extractor.floatsPerImage()));
    }

    private KnownExtractor known(int inputSizePixels) {
        return extractors.resolve(new ExtractorChoice(null, null, inputSizePixels, Precision.F32));
    }
}

package dev.graft.feature;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.feature.embedding.EmbeddingIndex;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.queue.ImageQueue;
import dev.graft.feature.queue.QueueDepth;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Posts images one after the other while a job of 100,000 images is computed: each waits for the batch under
/// computation, and not for the job.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class PostedImageIT {
    /// How many of the job's images there really are: enough to compute for as long as the test takes.
    private static final int STORED = 4_000;

    private static final int POSTED = 5;
    private static final Duration ONE_BATCH = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Inject
    Stage stage;

    @Inject
    BulkJobs bulkJobs;

    @Inject
    Extractors extractors;

    @Inject
    EmbeddingIndex index;

    @Inject
    ImageQueue queue;

    @Test
    void waitsForOneBatchHoweverManyImagesAJobHas() throws Exception {
        KnownExtractor extractor = extractors.resolve(new ExtractorChoice(null, null, 160, Precision.F32));
        String bulk = BulkJobs.newId();
        stage.storeUnder(BulkJobs.firstImageIds(bulk, STORED), DrawnImages.small(0));
        bulkJobs.open(bulk, extractor.id());
        queue.arrived();
        try {
            await().atMost(PATIENCE).until(() -> job(bulk).getLong("computed") > 0);

            for (int i = 0; i < POSTED; i++) {
                String posted = stage.store(DrawnImages.small(System.nanoTime()));
                long startNanos = System.nanoTime();
                stage.publishIngested(List.of(posted));
                int extractorId = extractors.resolve(ExtractorChoice.defaults()).id();
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> index.find(extractorId, posted).isPresent());
                assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(ONE_BATCH);
            }
            JsonPath after = job(bulk);
            assertThat(after.getString("state")).isEqualTo("RUNNING");
            assertThat(after.getLong("computed"))
                    .as("images of the job computed meanwhile")
                    .isLessThan(STORED);
        } finally {
            given().delete("/v1/embedding-jobs/{id}", bulk).then().statusCode(200);
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(queue.depth()).isEqualTo(QueueDepth.EMPTY));
    }

    private static JsonPath job(String id) {
        return given().get("/v1/embedding-jobs/{id}", id).jsonPath();
    }
}

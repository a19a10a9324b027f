package dev.graft.feature;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.contracts.EmbeddingsRequested;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.messaging.Transactions;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.LargeImages;
import dev.graft.testkit.ShippedService;
import dev.graft.testkit.ShippedServices;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Kills the service as it is shipped (SIGKILL) whenever it computes a certain image. The application of this
/// test computes nothing; it takes events and serves requests as another replica does.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@TestProfile(ClaimIT.WithoutWorker.class)
class KilledWorkerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int DEATHS = 3;
    private static final int OTHERS = 20;
    private static final int SIDE_PIXELS = 7_000;

    @Inject
    Stage stage;

    @Inject
    BulkJobs bulkJobs;

    @Inject
    Extractors extractors;

    @Inject
    Transactions transactions;

    private final ShippedServices services = new ShippedServices(Path.of("target", "killed-service.log"));

    @AfterEach
    void killWhatIsLeft() throws InterruptedException {
        services.kill();
    }

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void givesUpTheImageThatEndsItsProcessAndComputesTheOthers() throws Exception {
        services.forgetTheLog();
        bulkJobs.clear();
        KnownExtractor extractor = extractors.resolve(new ExtractorChoice(null, null, 128, Precision.F32));
        String culprit = stage.store(LargeImages.diagonalPng(SIDE_PIXELS));
        List<String> images = new ArrayList<>(List.of(culprit));
        for (int i = 1; i <= OTHERS; i++) {
            images.add(stage.store(DrawnImages.small(System.nanoTime())));
        }
        String jobId = UUID.randomUUID().toString();
        stage.publish(new EmbeddingsRequested(jobId, extractor.choice(), stage.manifest(images)));
        stage.receiveJobBegin(jobId);

        for (int death = 1; death <= DEATHS; death++) {
            ShippedService service = start();
            int attempts = death;
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> !service.isAlive() || isClaimed(culprit, attempts));
            assertThat(service.isAlive())
                    .as("the service lives until it is killed")
                    .isTrue();
            assertThat(service.kill()).as("exit of a killed process").isEqualTo(128 + 9);
        }
        start();
        await().atMost(PATIENCE)
                .until(
                        () -> given().get("/v1/embedding-jobs/{id}", jobId)
                                .jsonPath()
                                .getString("state"),
                        "COMPLETED"::equals);

        given().get("/v1/embedding-jobs/{id}", jobId)
                .then()
                .body("computed", Matchers.equalTo(OTHERS))
                .body("failed", Matchers.equalTo(1))
                .body("failures[0].imageId", Matchers.equalTo(culprit))
                .body("failures[0].reason", Matchers.equalTo("ENDED_PROCESS"))
                .body("failures[0].detail", Matchers.containsString("ended 3 of 3 times"));
        assertThat(stage.receiveJob(jobId).getLast().state()).isEqualTo(EmbeddingJobAdvanced.State.COMPLETED);
    }

    private ShippedService start() throws Exception {
        return services.start(List.of("-Dgraft.embedding.lease=5s", "-Dgraft.embedding.on-ingest=false"));
    }

    /// The claim of a process that was killed is there until it expires; that of the next one counts one
    /// attempt more.
    private boolean isClaimed(String imageId, int attempts) {
        return transactions.<Long>call(session -> session.createNativeQuery("""
                                select count(*) from pending
                                where image_id = :image and claim_id is not null and attempts = :attempts""", Long.class)
                        .setParameter("image", imageId)
                        .setParameter("attempts", attempts)
                        .getSingleResult())
                > 0;
    }
}

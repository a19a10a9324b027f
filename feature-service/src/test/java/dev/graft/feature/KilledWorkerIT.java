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
import dev.graft.testkit.Backends;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Kills the service as it is shipped (SIGKILL) whenever it computes a certain picture. The application of this test
/// computes nothing; it takes events and serves requests as another replica does.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@TestProfile(ClaimIT.WithoutWorker.class)
class KilledWorkerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int OTHERS = 20;
    /// Long enough to decode that it can be killed meanwhile.
    private static final int SIDE_PIXELS = 7_000;

    @Inject
    Stage stage;

    @Inject
    Extractors extractors;

    @Inject
    Transactions transactions;

    @Test
    @Timeout(value = 12, unit = TimeUnit.MINUTES)
    void givesUpThePictureThatEndsItsProcessAndComputesTheOthers() throws Exception {
        KnownExtractor extractor = extractors.resolve(new ExtractorChoice(null, null, 128, Precision.F32));
        String culprit = stage.store(picture(SIDE_PIXELS, 0));
        List<String> pictures = new ArrayList<>(List.of(culprit));
        for (int i = 1; i <= OTHERS; i++) {
            pictures.add(stage.store(picture(40, i)));
        }
        String jobId = UUID.randomUUID().toString();
        stage.tell(new EmbeddingsRequested(jobId, extractor.choice(), stage.manifest(pictures)));
        stage.hearJobBegin(jobId);

        int deaths = 0;
        while (deaths < 3) {
            Process service = start();
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> !service.isAlive() || isClaimed(culprit));
            assertThat(service.isAlive()).as("the service ended by itself").isTrue();
            service.destroyForcibly().waitFor();
            deaths++;
        }
        Process last = start();
        await().atMost(PATIENCE)
                .until(() -> given().get("/v1/embedding-jobs/{id}", jobId).jsonPath().getString("state"), "COMPLETED"::equals);
        last.destroyForcibly().waitFor();

        given().get("/v1/embedding-jobs/{id}", jobId)
                .then()
                .body("computed", Matchers.equalTo(OTHERS))
                .body("failed", Matchers.equalTo(1))
                .body("failures[0].imageId", Matchers.equalTo(culprit))
                .body("failures[0].reason", Matchers.equalTo("ENDED_PROCESS"))
                .body("failures[0].detail", Matchers.containsString("ended 3 times"));
        assertThat(stage.hearJob(jobId).getLast().state()).isEqualTo(EmbeddingJobAdvanced.State.COMPLETED);
    }

    private boolean isClaimed(String imageId) {
        return transactions.<Long>call(session -> session.createNativeQuery(
                                "select count(*) from pending where image_id = :image and claim_id is not null",
                                Long.class)
                        .setParameter("image", imageId)
                        .getSingleResult())
                > 0;
    }

    private static Process start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "-Dquarkus.http.port=0",
                "-Dgraft.embedding.lease=2s",
                "-Dgraft.embedding.on-ingest=false"));
        Backends.shared().configuration().forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-jar", Path.of("target", "quarkus-app", "quarkus-run.jar").toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target", "killed-service.log").toFile())
                .start();
    }

    private static byte[] picture(int sidePixels, int colour) throws IOException {
        BufferedImage picture = new BufferedImage(sidePixels, sidePixels, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < sidePixels; x++) {
            picture.setRGB(x, x, colour * 0x0a_0b0c + x);
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", file);
        return file.toByteArray();
    }
}

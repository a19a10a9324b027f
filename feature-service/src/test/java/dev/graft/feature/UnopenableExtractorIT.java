package dev.graft.feature;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Precision;
import dev.graft.feature.extractor.ExtractorOpener;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.queue.ImageQueue;
import dev.graft.messaging.Transactions;
import dev.graft.networks.Backbone;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.ProblemException;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.Png;
import dev.graft.weightstore.WeightStore;
import dev.graft.weightstore.cdi.WeightsConfig;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Networks that were known and cannot be loaded any more.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class UnopenableExtractorIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    Stage stage;

    @Inject
    ObjectStore store;

    @Inject
    WeightStore weights;

    @Inject
    WeightsConfig config;

    @Inject
    EmbeddingConfig embedding;

    @Inject
    Extractors extractors;

    @Inject
    ImageQueue queue;

    @Inject
    Transactions transactions;

    @Test
    void givesItsImagesUpAndEmbedsThoseOfOthers(@TempDir Path otherMachine) throws Exception {
        String name = "tf_efficientnet_lite0.damaged";
        byte[] file = RenamedWeights.file(config.cacheDirectory(), name);
        Backbone brought =
                new WeightStore(store, otherMachine).register(name, null, new ByteArrayInputStream(file), file.length);
        KnownExtractor unopenable = extractors.resolve(new ExtractorChoice(name, null, null, Precision.F32));
        store.put(
                ObjectKeys.weights(brought.sha256().orElseThrow()),
                ObjectContent.of("damaged".getBytes(StandardCharsets.US_ASCII), "application/octet-stream"));
        String first = stage.store(image(Color.RED));
        String second = stage.store(image(Color.BLUE));
        String jobId = UUID.randomUUID().toString();
        enqueueForJob(jobId, unopenable, first);
        KnownExtractor other = extractors.resolve(new ExtractorChoice(null, null, 160, Precision.F32));
        transactions.call(session -> queue.enqueue(session, other.id(), List.of(second)));
        queue.arrived();

        await().atMost(PATIENCE)
                .untilAsserted(() -> given().queryParam("inputSize", 160)
                        .get("/v1/embeddings/" + second)
                        .then()
                        .statusCode(200));
        given().queryParam("backbone", name)
                .get("/v1/embeddings/" + first)
                .then()
                .statusCode(422)
                .body("type", equalTo("https://graft.dev/problems/embedding-failed"))
                .body("detail", containsString("The weights of " + name + " are damaged."));
        assertThat(stage.receiveJob(jobId).getLast())
                .matches(end -> end.state() == EmbeddingJobAdvanced.State.COMPLETED && end.failed() == 1);
    }

    /// Leaves what a job leaves that was planned while its network could still be loaded.
    private void enqueueForJob(String jobId, KnownExtractor extractor, String imageId) {
        transactions.call(session -> session.createNativeQuery("""
                        with running as (
                            insert into job (id, images_digest, precision, extractor_id, state, total, planned,
                                announced_at)
                            values (:job, 'digest', 'F32', :extractor, 'RUNNING', 1, 1, now())
                        ), listed as (
                            insert into job_image (job_id, position, image_id) values (:job, 1, :image)
                        ), turn as (
                            insert into image_turn (source) values (:job)
                        ), waiting as (
                            insert into durable_job (id, kind, owner, due_at)
                            values (:job, 'embedding', :job, 'infinity')
                        )
                        insert into job_missing (job_id, extractor_id, image_id) values (:job, :extractor, :image)""")
                .setParameter("job", jobId)
                .setParameter("image", imageId)
                .setParameter("extractor", extractor.id())
                .executeUpdate()
                .chain(() -> queue.enqueue(session, extractor.id(), List.of(imageId))));
    }

    @ParameterizedTest
    @CsvSource({
        "pytorch, cpu, INT8, int8 runs in ONNX Runtime on a CPU only",
        "pytorch, cuda:999, F32, there is no cuda:999"
    })
    void saysWhatTheEngineDoesNotDo(String engine, String device, Precision precision, String reason) {
        KnownExtractor extractor = extractors.resolve(new ExtractorChoice(null, null, null, precision));
        ExtractorOpener opener = new ExtractorOpener(engine, device, weights, embedding);

        assertThatThrownBy(() -> opener.open(extractor))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("cannot be computed here: ")
                .hasMessageContaining(reason);
    }

    private static byte[] image(Color colour) {
        BufferedImage image = new BufferedImage(24, 24, BufferedImage.TYPE_INT_RGB);
        image.setRGB(7, 9, colour.getRGB());
        return Png.of(image);
    }
}

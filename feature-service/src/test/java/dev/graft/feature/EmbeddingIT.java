package dev.graft.feature;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.contracts.EmbeddingLocation;
import dev.graft.contracts.EmbeddingsRequested;
import dev.graft.contracts.Envelope;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.ImageIngested;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Precision;
import dev.graft.contracts.Topics;
import dev.graft.feature.Photographs.Photograph;
import dev.graft.feature.embedding.SegmentRows;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class EmbeddingIT {
    private static final String NO_MANIFEST = ObjectKeys.manifest("0".repeat(64));

    @Inject
    Stage stage;

    @Inject
    SegmentRows rows;

    @Test
    void embedsPhotographsAsTheReferenceDoesAndEachOnceHoweverOftenItIsAskedFor() {
        List<Photograph> photographs = Photographs.all();
        List<String> imageIds = photographs.stream()
                .map(photograph -> stage.store(photograph.file()))
                .toList();
        String jobId = UUID.randomUUID().toString();
        var request =
                Stage.envelope(new EmbeddingsRequested(jobId, ExtractorChoice.defaults(), stage.manifest(imageIds)));
        List<Envelope<?>> events = new ArrayList<>();
        for (String imageId : imageIds) {
            var ingested = Stage.envelope(new ImageIngested(imageId, 1, "image/jpeg", 1, 1));
            events.addAll(List.of(ingested, ingested));
            events.add(Stage.envelope(new ImageIngested(imageId, 1, "image/jpeg", 1, 1)));
        }
        events.addAll(List.of(request, request));
        stage.publish(events);
        stage.publish(request.event());

        List<EmbeddingJobAdvanced> published = stage.receiveJob(jobId);

        assertThat(published).isNotEmpty().allMatch(event -> event.total() == imageIds.size());
        assertThat(published.subList(0, published.size() - 1))
                .allMatch(event -> event.state() == EmbeddingJobAdvanced.State.RUNNING);
        assertThat(published).extracting(EmbeddingJobAdvanced::computed).isSorted();
        EmbeddingJobAdvanced end = published.getLast();
        assertThat(end.state()).isEqualTo(EmbeddingJobAdvanced.State.COMPLETED);
        assertThat(end.cached() + end.computed()).isEqualTo(imageIds.size());
        assertThat(end.failed()).isZero();
        assertMatchesReference(photographs, stage.index(String.valueOf(end.indexKey())));
        assertThat(stage.receivedSegments().stream()
                        .flatMap(segment -> segment.imageIds().stream())
                        .filter(imageIds::contains))
                .containsExactlyInAnyOrderElementsOf(imageIds);

        EmbeddingJobAdvanced again = request(imageIds);

        assertThat(again.cached()).isEqualTo(imageIds.size());
        assertThat(again.computed()).isZero();
    }

    private void assertMatchesReference(List<Photograph> photographs, List<EmbeddingLocation> index) {
        assertThat(index)
                .extracting(EmbeddingLocation::imageId)
                .containsExactlyElementsOf(
                        photographs.stream().map(Photograph::imageId).toList());
        for (int i = 0; i < index.size(); i++) {
            EmbeddingLocation location = index.get(i);
            assertAgrees(
                    rows.read(location.objectKey(), location.row()),
                    photographs.get(i).features());
        }
    }

    private static void assertAgrees(float[] vector, float[] reference) {
        assertThat(vector).hasSameSizeAs(reference);
        double mean = 0;
        for (float value : reference) {
            mean += value / (double) reference.length;
        }
        double variance = 0;
        for (float value : reference) {
            variance += (value - mean) * (value - mean) / reference.length;
        }
        double tolerance = 1e-3 * Math.sqrt(variance);
        for (int i = 0; i < vector.length; i++) {
            assertThat(Math.abs(vector[i] - reference[i])).isLessThanOrEqualTo((float) tolerance);
        }
    }

    @Test
    void answersAnImageInARequestAsTheReferenceDoes() {
        Photograph photograph = Photographs.all().getFirst();

        float[] vector = given().contentType("image/jpeg")
                .body(photograph.file())
                .post("/v1/embeddings")
                .then()
                .statusCode(200)
                .body("backbone", equalTo("tf_efficientnet_lite0.in1k"))
                .body("dimension", equalTo(1280))
                .extract()
                .jsonPath()
                .getObject("vector", float[].class);

        assertAgrees(vector, photograph.features());
    }

    @Test
    void goesOnPastImagesThatCannotBeEmbeddedAndSaysWhy() {
        String broken = stage.store("no picture".getBytes(StandardCharsets.UTF_8));
        byte[] late = DrawnImages.small(1);
        String lateId = Photographs.imageId(late);
        String good = stage.store(DrawnImages.small(2));
        stage.publishIngested(List.of(broken));

        EmbeddingJobAdvanced end = request(List.of(broken, lateId, good));

        assertThat(end.state()).isEqualTo(EmbeddingJobAdvanced.State.COMPLETED);
        assertThat(end.failed()).isEqualTo(2);
        assertThat(stage.index(String.valueOf(end.indexKey())))
                .extracting(EmbeddingLocation::imageId)
                .containsExactly(good);
        List<String> reasons = given().get("/v1/embedding-jobs/" + end.jobId())
                .then()
                .statusCode(200)
                .body("state", equalTo("COMPLETED"))
                .extract()
                .jsonPath()
                .getList("failures.reason");
        assertThat(reasons).containsExactlyInAnyOrder("UNDECODABLE", "NOT_STORED");
        given().get("/v1/embeddings/" + broken)
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("type", equalTo("https://graft.dev/problems/embedding-failed"))
                .body("detail", containsString("JPEG"));

        stage.store(late);
        EmbeddingJobAdvanced second = request(List.of(broken, lateId, good));

        assertThat(second.cached()).isEqualTo(1);
        assertThat(second.computed()).isEqualTo(1);
        assertThat(second.failed()).isEqualTo(1);
    }

    @Test
    void embedsOtherLayersAndSizesBesideTheDefault() {
        String imageId = stage.store(DrawnImages.small(3));
        EmbeddingJobAdvanced plain = request(List.of(imageId));

        EmbeddingJobAdvanced other =
                request(List.of(imageId), new ExtractorChoice(null, "conv_head:pooled", 192, Precision.F32));

        assertThat(other.computed()).isEqualTo(1);
        assertThat(other.extractorDigest()).isNotEqualTo(plain.extractorDigest());
        given().queryParam("layer", "conv_head:pooled")
                .queryParam("inputSize", 192)
                .get("/v1/embeddings/" + imageId)
                .then()
                .statusCode(200)
                .body("extractorDigest", equalTo(other.extractorDigest()))
                .body("inputSizePixels", equalTo(192));
    }

    @Test
    void failsAJobThatCanNeverBeMet() {
        String jobId = UUID.randomUUID().toString();
        stage.publish(new EmbeddingsRequested(
                jobId,
                new ExtractorChoice("no_such_net.in1k", null, null, Precision.F32),
                stage.manifest(List.of("a".repeat(64)))));
        String orphan = UUID.randomUUID().toString();
        stage.publish(new EmbeddingsRequested(orphan, ExtractorChoice.defaults(), NO_MANIFEST));
        String illegible = UUID.randomUUID().toString();
        stage.publish(new EmbeddingsRequested(illegible, ExtractorChoice.defaults(), stage.manifestOf("no JSON\n")));
        String archive = stage.object(ObjectKeys.importArchive("waiting"), new byte[1 << 20]);
        String other = UUID.randomUUID().toString();
        stage.publish(new EmbeddingsRequested(other, ExtractorChoice.defaults(), archive));

        assertThat(stage.receiveJob(jobId).getLast())
                .matches(event -> event.state() == EmbeddingJobAdvanced.State.FAILED)
                .extracting(EmbeddingJobAdvanced::detail)
                .asString()
                .contains("no_such_net", "tf_efficientnet_lite0.in1k");
        assertThat(stage.receiveJob(orphan).getLast().detail()).contains(NO_MANIFEST);
        assertThat(stage.receiveJob(other).getLast().detail()).contains("There is no manifest " + archive);
        assertThat(stage.receiveJob(illegible).getLast().detail()).contains("Line 1");
    }

    @Test
    void movesRecordsThatAreNoEventsToDeadLettersAndGoesOn() {
        stage.publishNonsense(Topics.IMAGES_INGESTED);
        String imageId = stage.store(DrawnImages.small(4));
        stage.publishIngested(List.of(imageId));

        assertThat(stage.receiveRecords(Topics.deadLetterOf(Topics.IMAGES_INGESTED), records -> !records.isEmpty()))
                .isNotEmpty();
        assertThat(request(List.of(imageId)).failed()).isZero();
    }

    private EmbeddingJobAdvanced request(List<String> imageIds) {
        return request(imageIds, ExtractorChoice.defaults());
    }

    private EmbeddingJobAdvanced request(List<String> imageIds, ExtractorChoice choice) {
        String jobId = UUID.randomUUID().toString();
        List<String> sorted = new ArrayList<>(imageIds);
        Collections.sort(sorted);
        stage.publish(new EmbeddingsRequested(jobId, choice, stage.manifest(sorted)));
        return stage.receiveJob(jobId).getLast();
    }
}

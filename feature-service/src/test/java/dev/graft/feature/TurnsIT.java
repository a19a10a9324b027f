package dev.graft.feature;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.contracts.EmbeddingsRequested;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.contracts.TrainingFinished;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.queue.Claim;
import dev.graft.feature.queue.PictureQueue;
import dev.graft.messaging.Transactions;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who is served next, and what cancelling reaches, while a job of 100,000 pictures is open. Nothing is computed here.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@TestProfile(ClaimIT.WithoutWorker.class)
class TurnsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int BULK = 100_000;

    @Inject
    PictureQueue queue;

    @Inject
    Extractors extractors;

    @Inject
    Transactions transactions;

    @Inject
    Stage stage;

    private KnownExtractor extractor;
    private String bulk;

    /// Leaves what planning a job of 100,000 pictures leaves.
    @BeforeEach
    void openABulkJob() {
        extractor = extractors.resolve(new ExtractorChoice(null, null, 192, Precision.F32));
        bulk = "bulk-" + UUID.randomUUID();
        run("delete from pending");
        run("delete from job_missing");
        run("delete from picture_turn where source <> '*'");
        run("update picture_turn set taken = '-infinity'");
        run("""
                insert into job (id, manifest_key, precision, extractor_id, state, total, planned, announced_at)
                values ('%s', 'manifests/bulk', 'F32', %d, 'RUNNING', %d, %d, now())"""
                .formatted(bulk, extractor.id(), BULK, BULK));
        run("""
                insert into job_missing (job_id, extractor_id, image_id)
                select '%s', %d, encode(sha256(convert_to('%s' || n, 'UTF8')), 'hex') from generate_series(1, %d) n"""
                .formatted(bulk, extractor.id(), bulk, BULK));
        run("insert into pending (extractor_id, image_id) select extractor_id, image_id from job_missing");
        run("insert into picture_turn (source) values ('%s')".formatted(bulk));
        run("insert into durable_job (id, kind, owner, due_at) values ('%s', 'embedding', '%s', 'infinity')"
                .formatted(bulk, bulk));
    }

    @Test
    void servesAPostedPictureAtOnce() {
        List<String> posted = pictures(1);
        queue.claim("worker", 256);
        enqueue(posted);

        assertThat(queue.claimUrgent("worker", 8).orElseThrow())
                .matches(claim -> claim.imageIds().equals(posted) && claim.reason() == Claim.Reason.URGENT);
        assertThat(queue.claimUrgent("worker", 8)).isEmpty();
    }

    @Test
    void letsTwoJobsAndWhatWasAnnouncedNotWaitForABacklog() {
        for (int i = 0; i < 3; i++) {
            queue.claim("worker", 256);
        }
        List<String> one = pictures(300);
        List<String> other = pictures(300);
        List<String> announced = pictures(300);
        stage.hearJobBegin(request(one));
        stage.hearJobBegin(request(other));
        enqueue(announced);

        List<String> served = new ArrayList<>();
        for (int turn = 0; turn < 4; turn++) {
            served.addAll(queue.claim("worker", 100).orElseThrow().imageIds());
        }

        assertThat(List.of(one, other, announced))
                .allSatisfy(asked -> assertThat(served.stream().filter(asked::contains)).hasSize(100));
    }

    @Test
    void computesAPictureThatManyWantInTheTurnOfWhoeverComesFirst() {
        List<String> shared = pictures(20);
        enqueue(shared);
        stage.hearJobBegin(request(shared));
        stage.hearJobBegin(request(shared));

        List<String> served = new ArrayList<>();
        for (int turn = 0; turn < 4; turn++) {
            queue.claim("worker", 50).ifPresent(claim -> served.addAll(claim.imageIds()));
        }

        assertThat(served.stream().filter(shared::contains)).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void claimsByAnIndexHoweverLongTheQueue() {
        run("analyze pending");
        run("analyze job_missing");
        List<String> plan = transactions.call(session -> session.createNativeQuery("""
                        explain select p.extractor_id, p.image_id, m.position as place
                        from job_missing m
                        join pending p on p.extractor_id = m.extractor_id and p.image_id = m.image_id
                        where m.job_id = '%s' and p.claim_id is null and p.attempts = 0
                        order by m.position limit 256 for update of p skip locked""".formatted(bulk), String.class)
                .getResultList());

        assertThat(String.join("\n", plan)).contains("job_missing_in_order").doesNotContain("Seq Scan", "Sort");
    }

    @Test
    void cancelsAJobAtOnceAndForgetsThePicturesThatNobodyElseWants() {
        List<String> wanted = transactions.call(session -> session.createNativeQuery(
                        "select image_id from job_missing where job_id = :job order by position limit 30", String.class)
                .setParameter("job", bulk)
                .getResultList());
        String other = request(wanted);
        stage.hearJobBegin(other);
        Claim held = queue.claim("worker", 10).orElseThrow();

        long startNanos = System.nanoTime();
        given().delete("/v1/embedding-jobs/{id}", bulk)
                .then()
                .statusCode(200)
                .body("state", Matchers.equalTo("CANCELLED"));
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(1));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(queue.depth().free() + queue.depth().claimed()).isEqualTo(30));
        assertThat(stage.hearJob(bulk).getLast())
                .matches(end -> end.state() == EmbeddingJobAdvanced.State.FAILED
                        && "The job was cancelled.".equals(end.detail()));
        queue.release(held.id());
        given().delete("/v1/embedding-jobs/{id}", bulk).then().statusCode(200);
        when().get("/v1/embedding-jobs/{id}", other).then().body("state", Matchers.equalTo("RUNNING"));
    }

    @Test
    void cancelsTheJobOfATrainingRunThatWasCancelledEvenBeforeItWasAskedFor() {
        String early = UUID.randomUUID().toString();
        stage.tell(new TrainingFinished(bulk, "model", TrainingFinished.Outcome.CANCELLED, null, null, null));
        stage.tell(new TrainingFinished(early, "model", TrainingFinished.Outcome.CANCELLED, null, null, null));

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(state(bulk)).isEqualTo("CANCELLED");
            assertThat(state(early)).isEqualTo("CANCELLED");
        });
        stage.tell(new EmbeddingsRequested(early, extractor.choice(), stage.manifest(pictures(3))));
        String later = request(pictures(1));
        stage.hearJobBegin(later);
        assertThat(state(early)).isEqualTo("CANCELLED");
    }

    private String state(String id) {
        return given().get("/v1/embedding-jobs/{id}", id).jsonPath().getString("state");
    }

    private String request(List<String> imageIds) {
        String jobId = UUID.randomUUID().toString();
        stage.tell(new EmbeddingsRequested(jobId, extractor.choice(), stage.manifest(imageIds)));
        return jobId;
    }

    private void enqueue(List<String> imageIds) {
        transactions.call(session -> queue.enqueue(session, extractor.id(), imageIds));
    }

    private void run(String sql) {
        transactions.call(session -> session.createNativeQuery(sql).executeUpdate());
    }

    private static List<String> pictures(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Photographs.imageId(UUID.randomUUID().toString().getBytes()))
                .sorted()
                .toList();
    }
}

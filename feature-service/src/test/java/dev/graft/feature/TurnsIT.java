package dev.graft.feature;

import static io.restassured.RestAssured.given;
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
import dev.graft.feature.queue.ImageQueue;
import dev.graft.messaging.Transactions;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.Latency;
import dev.graft.testkit.TimedRequests;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Who is served next, and what cancelling reaches, while a job of 100,000 images is open. Nothing is computed
/// here.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@TestProfile(ClaimIT.WithoutWorker.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TurnsIT {
    /// An event's way through the broker and two transactions; what a cancelled job waited for goes in parts.
    private static final Duration CANCELLED_WITHIN = Duration.ofSeconds(10);

    /// The job of all tests but the one that cancels it; the tests take some hundred of its images.
    private String bulk = "";

    @Inject
    ImageQueue queue;

    @Inject
    Extractors extractors;

    @Inject
    Transactions transactions;

    @Inject
    Stage stage;

    @Inject
    BulkJobs bulkJobs;

    private KnownExtractor extractor;

    @BeforeEach
    void openABulkJob() throws SQLException {
        extractor = extractors.resolve(new ExtractorChoice(null, null, 192, Precision.F32));
        if (bulk.isEmpty()) {
            bulk = openAnother();
        }
        bulkJobs.clearAllBut(bulk);
    }

    /// What other tests' workers would compute goes.
    @AfterAll
    void clear() throws SQLException {
        bulkJobs.clear();
    }

    private String openAnother() throws SQLException {
        String opened = BulkJobs.newId();
        bulkJobs.clear();
        bulkJobs.open(opened, extractor.id());
        return opened;
    }

    @Test
    void servesAPostedImageAtOnce() {
        List<String> posted = images(1);
        assertThat(queue.claim("worker", 256)).isPresent();
        enqueue(posted);

        assertThat(queue.claimUrgent("worker", 8).orElseThrow())
                .matches(claim -> claim.imageIds().equals(posted) && claim.reason() == Claim.Reason.URGENT);
        assertThat(queue.claimUrgent("worker", 8)).isEmpty();
    }

    @Test
    void letsTwoJobsAndWhatCameInAdvanceNotWaitForABacklog() {
        for (int i = 0; i < 3; i++) {
            assertThat(queue.claim("worker", 256)).isPresent();
        }
        List<String> one = images(300);
        List<String> other = images(300);
        List<String> inAdvance = images(300);
        stage.receiveJobBegin(request(one));
        stage.receiveJobBegin(request(other));
        enqueue(inAdvance);

        List<String> served = new ArrayList<>();
        for (int turn = 0; turn < 4; turn++) {
            served.addAll(queue.claim("worker", 100).orElseThrow().imageIds());
        }

        assertThat(List.of(one, other, inAdvance))
                .allSatisfy(asked ->
                        assertThat(served.stream().filter(asked::contains)).hasSize(100));
    }

    @Test
    void computesAnImageThatManyWantInTheTurnOfWhoeverComesFirst() {
        List<String> shared = images(20);
        enqueue(shared);
        stage.receiveJobBegin(request(shared));
        stage.receiveJobBegin(request(shared));

        List<String> served = new ArrayList<>();
        for (int turn = 0; turn < 4; turn++) {
            queue.claim("worker", 50).ifPresent(claim -> served.addAll(claim.imageIds()));
        }

        assertThat(served.stream().filter(shared::contains)).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void cancelsAJobWithinASecond() throws Exception {
        Duration median = Latency.median(3, () -> {
            String opened = openAnother();
            bulk = "";
            return cancel(opened).took();
        });

        assertThat(median).isLessThan(Duration.ofSeconds(1));
    }

    private static TimedRequests.Answer cancel(String jobId) {
        TimedRequests requests = new TimedRequests("http://127.0.0.1:" + RestAssured.port);
        TimedRequests.Answer answer = requests.ask("DELETE", "/v1/embedding-jobs/" + jobId, "", new byte[0]);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    @Test
    void cancelsAJobAndForgetsTheImagesThatNobodyElseWants() throws SQLException {
        String cancelled = openAnother();
        bulk = "";
        List<String> wanted = BulkJobs.firstImageIds(cancelled, 30);
        String other = request(wanted);
        stage.receiveJobBegin(other);
        assertThat(queue.claim("worker", 10)).isPresent();
        assertThat(state(cancelled)).isEqualTo("RUNNING");

        assertThat(cancel(cancelled).body()).contains("CANCELLED");

        assertThat(queue.claim("worker", 256).orElseThrow().imageIds()).isSubsetOf(wanted);
        await().atMost(CANCELLED_WITHIN)
                .untilAsserted(
                        () -> assertThat(queue.depth().free() + queue.depth().claimed())
                                .isEqualTo(30));
        assertThat(stage.receiveJob(cancelled).getLast())
                .matches(end -> end.state() == EmbeddingJobAdvanced.State.FAILED
                        && "The job was cancelled.".equals(end.detail()));
        given().delete("/v1/embedding-jobs/{id}", cancelled).then().statusCode(200);
        assertThat(state(other)).isEqualTo("RUNNING");
    }

    @Test
    void cancelsTheJobOfATrainingRunThatWasCancelledEvenBeforeItWasAskedFor() {
        String running = request(images(3));
        stage.receiveJobBegin(running);
        String early = UUID.randomUUID().toString();
        stage.publish(new TrainingFinished(running, "model", TrainingFinished.Outcome.CANCELLED, null, null, null));
        stage.publish(new TrainingFinished(early, "model", TrainingFinished.Outcome.CANCELLED, null, null, null));

        await().atMost(CANCELLED_WITHIN).untilAsserted(() -> {
            assertThat(state(running)).isEqualTo("CANCELLED");
            assertThat(state(early)).isEqualTo("CANCELLED");
        });
        stage.publish(new EmbeddingsRequested(early, extractor.choice(), stage.manifest(images(3))));
        stage.receiveJobBegin(request(images(1)));
        assertThat(state(early)).isEqualTo("CANCELLED");
    }

    private static String state(String id) {
        return given().get("/v1/embedding-jobs/{id}", id).jsonPath().getString("state");
    }

    private String request(List<String> imageIds) {
        String jobId = UUID.randomUUID().toString();
        stage.publish(new EmbeddingsRequested(jobId, extractor.choice(), stage.manifest(imageIds)));
        return jobId;
    }

    private void enqueue(List<String> imageIds) {
        transactions.call(session -> queue.enqueue(session, extractor.id(), imageIds));
    }

    private static List<String> images(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Photographs.imageId(UUID.randomUUID().toString().getBytes()))
                .sorted()
                .toList();
    }
}

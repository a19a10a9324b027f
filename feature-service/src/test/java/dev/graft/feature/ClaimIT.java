package dev.graft.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.contracts.EmbeddingsRequested;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.feature.embedding.EmbeddingIndex;
import dev.graft.feature.embedding.Failure;
import dev.graft.feature.embedding.Segment;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.pipeline.EmbeddingCommits;
import dev.graft.feature.queue.Claim;
import dev.graft.feature.queue.ImageQueue;
import dev.graft.feature.queue.QueueDepth;
import dev.graft.messaging.Transactions;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Plays the workers, in a replica that does not compute, with leases that run out only when a test says so.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@TestProfile(ClaimIT.WithoutWorker.class)
class ClaimIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static int nextInputSize = 64;

    public static class WithoutWorker implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "graft.embedding.worker", "false", "graft.embedding.lease", "1h", "graft.embedding.tick", "100ms");
        }
    }

    @Inject
    ImageQueue queue;

    @Inject
    Extractors extractors;

    @Inject
    EmbeddingCommits commits;

    @Inject
    EmbeddingIndex index;

    @Inject
    Transactions transactions;

    @Inject
    Stage stage;

    @Inject
    DataSource database;

    private KnownExtractor extractor;

    /// Gives each test an extractor of its own, and an empty queue.
    @BeforeEach
    void begin() {
        transactions.call(
                session -> session.createNativeQuery("delete from pending").executeUpdate());
        nextInputSize += 32;
        extractor = extractors.resolve(new ExtractorChoice(null, null, nextInputSize, Precision.F32));
    }

    /// A table that was empty when the database looked at it is taken for empty until it looks again, a minute later or
    /// more.
    @Test
    void hasTheDatabaseKnowThatTheQueueHasBecomeLong() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("vacuum analyze feature.pending");
        }
        assertThat(knownRows()).isZero();

        // Not more often than every few seconds, which another test may have begun.
        await().atMost(PATIENCE).untilAsserted(() -> {
            enqueue(images(5_000));
            assertThat(knownRows()).isGreaterThanOrEqualTo(5_000);
        });
    }

    private double knownRows() {
        return transactions.call(session -> session.createNativeQuery(
                        "select cast(reltuples as float8) from pg_class where oid = cast('feature.pending' as regclass)",
                        Double.class)
                .getSingleResult());
    }

    @Test
    void leasesNoImageTwiceHoweverManyWorkersRace() throws Exception {
        List<String> images = images(500);
        enqueue(images);
        Callable<List<String>> worker = () -> {
            List<String> claimed = new ArrayList<>();
            for (Optional<Claim> claim = queue.claim("worker", 7);
                    claim.isPresent();
                    claim = queue.claim("worker", 7)) {
                claimed.addAll(claim.get().imageIds());
            }
            return claimed;
        };
        List<String> claimed = new ArrayList<>();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<List<String>> done : workers.invokeAll(List.of(worker, worker, worker, worker))) {
                claimed.addAll(done.get());
            }
        }

        assertThat(claimed).hasSameSizeAs(images);
        assertThat(new HashSet<>(claimed)).containsExactlyInAnyOrderElementsOf(images);
    }

    @Test
    void givesTheImagesOfALostWorkerToAnotherAndRefusesTheLateCommit() {
        List<String> images = images(3);
        enqueue(images);
        Claim lost = queue.claim("lost", 10).orElseThrow();
        assertThat(queue.claim("too early", 10)).isEmpty();
        expireClaims();

        Claim successor = await().atMost(PATIENCE)
                .until(() -> queue.claimSuspects("successor"), Optional::isPresent)
                .orElseThrow();

        assertThat(successor.imageIds()).containsExactlyInAnyOrderElementsOf(images);
        assertThat(commit(lost)).isFalse();
        assertThat(index.locate(extractor.id(), images)).isEmpty();
        assertThat(commit(successor)).isTrue();
        assertThat(commit(successor)).isFalse();
        assertThat(index.locate(extractor.id(), images)).hasSize(3);
        assertThat(queue.depth()).isEqualTo(QueueDepth.EMPTY);
    }

    @Test
    void queuesNothingThatIsComputedOrQueuedAlready() {
        List<String> images = images(2);
        enqueue(images);
        enqueue(images);
        assertThat(queue.depth()).matches(depth -> depth.free() == 2 && depth.claimed() == 0);

        commit(queue.claim("worker", 10).orElseThrow());
        enqueue(images);

        assertThat(queue.depth()).isEqualTo(QueueDepth.EMPTY);
    }

    @Test
    void tellsHowLongTheOldestHasWaitedWhetherItIsClaimedOrNot() {
        enqueue(images(1));
        Claim claim = queue.claim("worker", 10).orElseThrow();
        transactions.call(
                session -> session.createNativeQuery("update pending set asked_at = asked_at - interval '1 hour'")
                        .executeUpdate());
        enqueue(images(1));

        assertThat(queue.depth().oldestSeconds()).isBetween(3_600.0, 3_600.0 + PATIENCE.toSeconds());
        commit(claim);
        assertThat(queue.depth().oldestSeconds()).isBetween(0.0, (double) PATIENCE.toSeconds());
    }

    @Test
    void findsTheImageThatEndsItsProcessAndComputesTheOthers() {
        List<String> images = images(40);
        String culprit = images.get(25);
        enqueue(images);
        String jobId = request(images);
        stage.receiveJobBegin(jobId);
        Claim first = queue.claim("dies", 256).orElseThrow();
        assertThat(first.imageIds()).hasSize(40);
        dieWith(first);

        int deaths = 1;
        List<String> givenUp = new ArrayList<>();
        while (queue.hasSuspects()) {
            Claim claim = queue.claimSuspects("worker").orElseThrow();
            if (claim.reason() == Claim.Reason.GIVEN_UP) {
                givenUp.addAll(claim.imageIds());
                assertThat(commits.commit(claim, extractor, null, "", failures(claim)))
                        .isTrue();
            } else if (claim.imageIds().contains(culprit)) {
                deaths++;
                assertThat(claim.imageIds()).hasSizeLessThanOrEqualTo(deaths == 2 ? 16 : 1);
                dieWith(claim);
            } else {
                assertThat(commit(claim)).isTrue();
            }
        }

        assertThat(deaths).isEqualTo(3);
        assertThat(givenUp).containsExactly(culprit);
        assertThat(index.locate(extractor.id(), images)).hasSize(39);
        assertThat(index.failure(extractor.id(), culprit).orElseThrow().reason())
                .isEqualTo(Failure.Reason.ENDED_PROCESS);
        assertThat(stage.receiveJob(jobId).getLast())
                .matches(end -> end.state() == EmbeddingJobAdvanced.State.COMPLETED && end.failed() == 1);
        // Asking again does not end a process again.
        enqueue(List.of(culprit));
        assertThat(queue.depth()).isEqualTo(QueueDepth.EMPTY);
    }

    @Test
    void countsNoClaimThatWasHandedBack() {
        List<String> images = images(3);
        enqueue(images);
        for (int i = 0; i < 5; i++) {
            queue.release(queue.claim("stops", 10).orElseThrow().id());
        }

        assertThat(queue.hasSuspects()).isFalse();
        assertThat(queue.claim("worker", 10).orElseThrow().imageIds()).hasSize(3);
    }

    @Test
    void distinguishesFaultsThatWereSeenFromTheEndsOfProcesses() {
        enqueue(images(1));
        dieWith(queue.claim("dies", 10).orElseThrow());
        Claim second = queue.claimSuspects("sees a fault").orElseThrow();
        queue.breakOff(second.id());
        Claim third = queue.claimSuspects("dies").orElseThrow();
        dieWith(third);

        assertThat(List.of(second, third)).extracting(Claim::attempts).containsExactly(2, 3);
        assertThat(queue.claimSuspects("worker").orElseThrow())
                .matches(claim ->
                        claim.reason() == Claim.Reason.GIVEN_UP && claim.attempts() == 3 && claim.faults() == 1);
    }

    private void dieWith(Claim claim) {
        transactions.call(session -> session.createNativeQuery(
                        "update claim set expires_at = now() - interval '1 second' where id = cast(:id as uuid)")
                .setParameter("id", claim.id().toString())
                .executeUpdate());
        queue.releaseExpired();
    }

    private static List<Failure> failures(Claim claim) {
        return claim.imageIds().stream()
                .map(imageId -> new Failure(imageId, Failure.Reason.ENDED_PROCESS, "Its process ended."))
                .toList();
    }

    @Test
    void completesEveryJobThatWaitsForAnImageWhenOneWorkerCommitsIt() {
        List<String> images = images(4);
        String one = request(images);
        String other = request(images.subList(0, 2));
        stage.receiveJobBegin(one);
        stage.receiveJobBegin(other);

        // Whose turn comes first is open: one claim has all four images, or two have two each.
        for (Optional<Claim> claim = queue.claim("worker", 10); claim.isPresent(); claim = queue.claim("worker", 10)) {
            assertThat(commit(claim.get())).isTrue();
        }

        assertThat(stage.receiveJob(one).getLast())
                .matches(end -> end.state() == EmbeddingJobAdvanced.State.COMPLETED && end.computed() == 4);
        assertThat(stage.receiveJob(other).getLast())
                .matches(end -> end.state() == EmbeddingJobAdvanced.State.COMPLETED && end.computed() == 2);
    }

    private String request(List<String> imageIds) {
        String jobId = UUID.randomUUID().toString();
        stage.publish(new EmbeddingsRequested(jobId, extractor.choice(), stage.manifest(imageIds)));
        return jobId;
    }

    private void enqueue(List<String> imageIds) {
        transactions.call(session -> queue.enqueue(session, extractor.id(), imageIds));
    }

    private boolean commit(Claim claim) {
        int dimension = extractor.dimension();
        Segment segment = new Segment(
                UUID.randomUUID(),
                claim.imageIds(),
                dimension,
                new float[claim.imageIds().size() * dimension]);
        return commits.commit(claim, extractor, segment, "embeddings/test/" + segment.id(), List.of());
    }

    private void expireClaims() {
        transactions.call(
                session -> session.createNativeQuery("update claim set expires_at = now() - interval '1 second'")
                        .executeUpdate());
    }

    private static List<String> images(int count) {
        Set<String> ids = new HashSet<>();
        while (ids.size() < count) {
            ids.add(Photographs.imageId(UUID.randomUUID().toString().getBytes()));
        }
        return ids.stream().sorted().toList();
    }
}

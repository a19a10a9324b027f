package dev.graft.feature;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.queue.ImageQueue;
import dev.graft.feature.queue.QueueStatements;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.sql.LargeTables;
import dev.graft.testkit.sql.Plan;
import dev.graft.testkit.sql.SentStatements;
import dev.graft.testkit.sql.TableUse;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Proves that a claim reads what is next from indexes however long the queue is, and that what a cancelled job waited
/// for is forgotten without reading it all again for each part: with 100,000 images here. Nothing is computed.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@TestProfile(ClaimIT.WithoutWorker.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClaimPlansIT {
    private static final LargeTables LARGE = new LargeTables(
            Set.of("pending", "job_missing"),
            Set.of(),
            Set.of(
                    // Finds whose turn it is: explained with its constants by a test of its own.
                    "image_turn t",
                    // Measures the queue: the free images up to a bound, and those that workers have, which are few.
                    "count(claim_id)",
                    // Gives back what workers had that are gone: reads what workers have, which is little.
                    "expires_at < now()"));

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Pattern PARAMETER = Pattern.compile(":(\\w+)");

    @Inject
    ImageQueue queue;

    @Inject
    Extractors extractors;

    @Inject
    BulkJobs bulkJobs;

    @Inject
    DataSource database;

    private String bulk = "";
    private int extractorId;

    @BeforeEach
    void openABulkJob() throws SQLException {
        if (!bulk.isEmpty()) {
            return;
        }
        KnownExtractor extractor = extractors.resolve(new ExtractorChoice(null, null, 192, Precision.F32));
        extractorId = extractor.id();
        bulk = BulkJobs.newId();
        bulkJobs.clear();
        bulkJobs.open(bulk, extractorId);
    }

    /// What other tests' workers would compute goes.
    @AfterAll
    void clear() throws SQLException {
        bulkJobs.clear();
    }

    @Test
    void claimsTheImagesOfAJobByIndexes() throws SQLException {
        List<Plan> plans = new SentStatements("feature", LARGE)
                .during(() -> assertThat(queue.claim("worker", 256)).isPresent());

        assertThat(LARGE.faults(plans)).isEmpty();
        assertThat(plans).flatExtracting(Plan::indexes).contains("job_missing_in_order", "pending_pkey");
    }

    /// Each image is read by the part that forgets it, and once more as long as its index entry is not known to be
    /// dead; and it is looked up whether another job wants it.
    @Test
    void forgetsACancelledJobWithoutReadingItOnceForEachPart() throws SQLException {
        String cancelled = BulkJobs.newId();
        bulkJobs.open(cancelled, extractorId);
        TableUse before = TableUse.of("feature", "job_missing");

        given().delete("/v1/embedding-jobs/{id}", cancelled).then().statusCode(200);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(TableUse.of("feature", "job_missing")
                                .since(before)
                                .deleted())
                        .isGreaterThanOrEqualTo(BulkJobs.IMAGES));
        TableUse use = TableUse.of("feature", "job_missing").since(before);
        assertThat(use.scans()).isZero();
        assertThat(use.read()).isLessThan(5L * BulkJobs.IMAGES);
    }

    @Test
    void findsWhoseTurnItIsByIndexes() throws SQLException {
        explains(QueueStatements.nextSource()).from("pending_in_advance", "job_missing_in_order", "pending_pkey");
    }

    @Test
    void claimsImagesInAdvanceByAnIndex() throws SQLException {
        explains(QueueStatements.claimInAdvance()).from("pending_in_advance");
    }

    @Test
    void claimsUrgentImagesByAnIndex() throws SQLException {
        explains(QueueStatements.claimUrgent()).from("pending_urgent");
    }

    @Test
    void claimsSuspectsByAnIndex() throws SQLException {
        explains(QueueStatements.claimSuspect()).from("pending_suspect");
    }

    @Test
    void findsClaimsThatNobodyWantsByIndexes() throws SQLException {
        explains(QueueStatements.unwanted()).from("pending_claimed", "job_missing_pkey");
    }

    /// How the database carries out one of the queue's own statements.
    private record Explained(Plan plan) {
        /// Proves that everything is read from indexes, the named ones among them.
        void from(String... indexes) {
            assertThat(LARGE.faults(List.of(plan))).isEmpty();
            assertThat(plan.indexes()).contains(indexes);
        }
    }

    /// Explains a statement with its constants and with values, as the database does for each execution: the texts that
    /// [SentStatements] finds have no constants, which say that an index of some rows only may be used.
    private Explained explains(String statement) throws SQLException {
        Map<String, String> values = Map.of(
                "extractor", String.valueOf(extractorId),
                "claim", "'00000000-0000-0000-0000-000000000001'",
                "claims", "'{00000000-0000-0000-0000-000000000001}'",
                "limit", "256",
                "attempts", "1",
                "faults", "0");
        String executable =
                PARAMETER.matcher(statement).replaceAll(found -> values.getOrDefault(found.group(1), found.group()));
        try (Connection connection = database.getConnection();
                Statement explaining = connection.createStatement()) {
            connection.setAutoCommit(false);
            explaining.execute("set local search_path = feature");
            for (String way : List.of("seqscan", "bitmapscan", "sort")) {
                explaining.execute("set local enable_%s = off".formatted(way));
            }
            try (ResultSet rows = explaining.executeQuery("explain (costs off, format json) " + executable)) {
                assertThat(rows.next()).isTrue();
                String json = rows.getString(1);
                return new Explained(new Plan(
                        statement, new ObjectMapper().readTree(json).path(0).path("Plan"), List.of(json)));
            } catch (JsonProcessingException impossible) {
                throw new IllegalStateException("a plan in JSON is no JSON", impossible);
            } finally {
                connection.rollback();
            }
        }
    }
}

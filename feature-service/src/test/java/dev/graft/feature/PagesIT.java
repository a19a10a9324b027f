package dev.graft.feature;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.messaging.Transactions;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.sql.LargeTables;
import dev.graft.testkit.sql.Plan;
import dev.graft.testkit.sql.SentStatements;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Proves on generated rows that a request finds what it asks for by an index, and counts nothing. Nothing is
/// computed here.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@TestProfile(ClaimIT.WithoutWorker.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesIT {
    private static final int ROWS = 20_000;

    private static final LargeTables LARGE = new LargeTables(
            Set.of("job", "job_image", "job_missing", "job_failure", "failure", "embedding", "segment", "pending"),
            Set.of(),
            Set.of(
                    // Measures the queue: the free images up to a bound, and those that workers have, which are few.
                    "count(claim_id)",
                    // Gives back what workers had that are gone: reads what workers have, which is little.
                    "expires_at < now()",
                    // Look for running jobs to be published or ended: the index is for open jobs alone, which a text
                    // without constants does not say.
                    "announced <> computed",
                    ".announced<>",
                    ".failed)=ej1_0.total"));

    private static final SentStatements SENT = new SentStatements("feature", LARGE);

    @Inject
    Extractors extractors;

    @Inject
    Transactions transactions;

    @Inject
    BulkJobs bulkJobs;

    private String job = "";

    @BeforeEach
    void fill() throws SQLException {
        if (!job.isEmpty()) {
            return;
        }
        job = "pages-" + UUID.randomUUID();
        KnownExtractor extractor = extractors.resolve(new ExtractorChoice(null, null, null, Precision.F32));
        bulkJobs.clear();
        bulkJobs.open(BulkJobs.newId(), extractor.id());
        execute("""
                insert into job (id, manifest_key, precision, extractor_id, state, total, planned, failed, announced,
                    started_at, announced_at, finished_at)
                select case n when 1 then '%1$s' else '%1$s-' || n end, 'none', 'F32', %2$d, 'COMPLETED',
                    %3$d, %3$d, %3$d, %3$d, now(), now(), now()
                from generate_series(1, %3$d) n""".formatted(job, extractor.id(), ROWS));
        execute("""
                insert into failure (extractor_id, image_id, reason, detail)
                select %1$d, encode(sha256(convert_to('%2$s' || n, 'UTF8')), 'hex'), 'UNDECODABLE', '%2$s'
                from generate_series(1, %3$d) n""".formatted(extractor.id(), job, ROWS));
        execute("""
                insert into job_failure (job_id, image_id)
                select '%1$s', encode(sha256(convert_to('%1$s' || n, 'UTF8')), 'hex')
                from generate_series(1, %2$d) n""".formatted(job, ROWS));
        execute("""
                with file as (
                    insert into segment (id, extractor_id, object_key, images)
                    select gen_random_uuid(), %2$d, '%1$s-' || n, 1 from generate_series(1, %3$d) n
                    returning id, object_key)
                insert into embedding (extractor_id, image_id, segment_id, row_number)
                select %2$d, encode(sha256(convert_to(object_key, 'UTF8')), 'hex'), id, 0
                from file""".formatted(job, extractor.id(), ROWS));
        execute("analyze job, failure, job_failure, segment, embedding");
    }

    /// Other tests find neither what their workers would compute nor rows without files.
    @AfterAll
    void clear() throws SQLException {
        bulkJobs.clear();
        String mine = job + "%";
        execute("delete from job_failure where job_id like '%s'".formatted(mine));
        execute("delete from failure where detail = '%s'".formatted(job));
        execute("delete from embedding e using segment s where s.id = e.segment_id and s.object_key like '%s'"
                .formatted(mine));
        execute("delete from segment where object_key like '%s'".formatted(mine));
        execute("delete from job where id like '%s'".formatted(mine));
    }

    @Test
    void readsAJobAndItsFailuresFromAnIndex() throws SQLException {
        reads("/v1/embedding-jobs/" + job, 200).from("job_pkey", "job_failure_pkey", "failure_pkey");
    }

    @Test
    void readsAnEmbeddingFromAnIndex() throws SQLException {
        reads("/v1/embeddings/" + images(1).getFirst(), 404).from("embedding_pkey", "segment_pkey", "failure_pkey");
    }

    @Test
    void acceptsAndCancelsAJobByIndexes() throws SQLException {
        String id = UUID.randomUUID().toString();
        List<Plan> plans = SENT.during(() -> {
            String accepted = given().contentType(ContentType.JSON)
                    .header("Idempotency-Key", id)
                    .body(Map.of("imageIds", images(1_000)))
                    .post("/v1/embedding-jobs")
                    .then()
                    .statusCode(202)
                    .extract()
                    .path("id");
            given().delete("/v1/embedding-jobs/{id}", accepted).then().statusCode(200);
        });

        new Reading("a job of 1,000 images", plans).from("job_pkey");
        assertThat(plans).extracting(Plan::statement).anyMatch(statement -> statement.contains("into job_image"));
    }

    private static List<String> images(int count) {
        return BulkJobs.firstImageIds(BulkJobs.newId(), count);
    }

    private static Reading reads(String page, int status) throws SQLException {
        return new Reading(page, SENT.during(() -> given().get(page).then().statusCode(status)));
    }

    /// What a request sent to the database.
    private record Reading(String page, List<Plan> plans) {
        /// Proves that everything was read from indexes, the named ones among them.
        void from(String... indexes) {
            assertThat(LARGE.faults(plans)).as(page).isEmpty();
            assertThat(plans).as(page).flatExtracting(Plan::indexes).contains(indexes);
        }
    }

    private void execute(String sql) {
        transactions.call(session -> session.createNativeQuery(sql).executeUpdate());
    }
}

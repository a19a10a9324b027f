package dev.graft.ingest;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.messaging.Transactions;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.sql.LargeTables;
import dev.graft.testkit.sql.Plan;
import dev.graft.testkit.sql.SentStatements;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Proves on generated rows that the cost of pages, counts and deletions does not grow with the dataset.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class ScaleIT {
    /// Enough that the planner of PostgreSQL prefers an index wherever one serves;
    /// `-Dgraft.scale.images=1000000` proves the same on a million.
    private static final int IMAGES = Integer.getInteger("graft.scale.images", 100_000);

    /// One label of a thousand has few images, which no scan of all would find soon.
    private static final String LABEL = "'label-' || n % 1000";

    /// Of tables that are smaller by their nature.
    private static final int ROWS = 10_000;

    private static final LargeTables LARGE = new LargeTables(
            Set.of(
                    "dataset",
                    "dataset_image",
                    "dataset_tally",
                    "dataset_version",
                    "image",
                    "import_job",
                    "import_leak",
                    "reject"),
            // A dataset has a row for each of its labels and splits, and a few more until they are folded.
            Set.of("dataset_tally"),
            Set.of(
                    // Looks at every count for some that are to be folded, six times a minute.
                    "having count(*)",
                    // Looks for imports to be ended or tidied: its index is for those alone that have an archive,
                    // which a text without constants does not say.
                    "archive_present=$"));

    private static final SentStatements SENT = new SentStatements("ingest", LARGE);

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Inject
    Transactions transactions;

    @Test
    void readsEveryPageOfALargeDatasetFromAnIndex() throws SQLException {
        String dataset = filled();
        String images = "/v1/datasets/" + dataset + "/images?after=7" + "0".repeat(63);
        fillWithVersions(dataset);

        reads("/v1/datasets/" + dataset).from("dataset_live", "dataset_tally_by_dataset");
        reads(images).from("dataset_image_pkey", "image_pkey");
        reads(images + "&label=label-7").from("dataset_image_of_label", "image_pkey");
        reads(images + "&split=val").from("dataset_image_of_split", "image_pkey");
        reads(images + "&split=val&label=label-10").from("dataset_image_of_label_and_split", "image_pkey");
        assertThat(SENT.during(() -> when().get(images).then().statusCode(200)))
                .as("what a page reads must not hang on what the planner knows of images and memberships together")
                .noneMatch(plan -> plan.indexes().containsAll(Set.of("dataset_image_pkey", "image_pkey")));
        reads("/v1/images/" + text("select min(id) from image")).from("image_pkey");
        reads("/v1/rejects?after=7").from("reject_seq_key");
        reads("/v1/datasets/" + dataset + "/versions?after=7").from("dataset_version_pkey");
        reads("/v1/datasets/" + dataset + "/versions/7").from("dataset_version_pkey");
    }

    @Test
    void deletesADatasetByIndexes() throws SQLException {
        importWithFindings();
        String dataset = Service.dataset();

        List<Plan> plans = SENT.during(
                () -> when().delete("/v1/datasets/{name}", dataset).then().statusCode(204));

        assertThat(LARGE.faults(plans)).isEmpty();
        assertThat(plans).flatExtracting(Plan::indexes).contains("import_job_by_dataset");
    }

    @Test
    void readsTheListsOfManyDatasetsFromAnIndex() throws SQLException {
        String begin = "many-" + UUID.randomUUID() + "-";
        execute("insert into dataset (name) select '%s' || n from generate_series(1, %d) n".formatted(begin, ROWS));
        execute("""
                insert into reject (id, dataset_id, problem_type, detail)
                select gen_random_uuid(), id, 'urn:test', 'test' from dataset where name like '%s%%'""".formatted(begin));
        execute("analyze dataset, reject");

        try {
            reads("/v1/datasets").from("dataset_live", "dataset_tally_by_dataset");
            reads("/v1/datasets?limit=1000&after=" + begin).from("dataset_live", "dataset_tally_by_dataset");
            reads("/v1/rejects?after=7&dataset=" + begin + 1).from("reject_by_dataset");
        } finally {
            // Another test reads the list from its begin to its end.
            execute("delete from reject r using dataset d where d.id = r.dataset_id and d.name like '%s%%'"
                    .formatted(begin));
            // So that the checks of the foreign keys use indexes, and in parts, as a statement has its deadline.
            execute("analyze dataset_image, dataset_version, dataset_tally, import_job, reject");
            for (int part = 0; part < 10; part++) {
                execute("delete from dataset where name like '%s%%' and id %% 10 = %d".formatted(begin, part));
            }
        }
    }

    @Test
    void readsAnImportWithManyFindingsFromAnIndex() throws SQLException {
        UUID importId = importWithFindings();

        reads("/v1/imports/" + importId).from("import_job_pkey", "reject_by_import", "import_leak_pkey");
        reads("/v1/rejects?after=7&import=" + importId).from("reject_of_import");
    }

    private Reading reads(String page) throws SQLException {
        List<Plan> plans = SENT.during(() -> when().get(page).then().statusCode(200));
        return new Reading(page, plans);
    }

    /// What a request sent to the database.
    private record Reading(String page, List<Plan> plans) {
        /// Proves that everything was read from indexes, the named ones among them.
        void from(String... indexes) {
            assertThat(LARGE.faults(plans)).as(page).isEmpty();
            assertThat(plans).as(page).flatExtracting(Plan::indexes).contains(indexes);
        }
    }

    @Test
    void maintainsTheCountsOfALargeDataset() {
        String dataset = filled();

        JsonPath view = view(dataset);
        assertThat(view.getLong("images")).isEqualTo(IMAGES);
        assertThat(view.getMap("classes")).hasSize(1_000).containsEntry("label-7", IMAGES / 1_000);
        assertThat(view.getMap("splits")).isEqualTo(Map.of("val", IMAGES / 10));

        execute("update dataset_image set label = 'other' where label = 'label-7' and dataset_id = " + id(dataset));
        execute("delete from dataset_image where label = 'label-8' and dataset_id = " + id(dataset));
        assertThat(view(dataset).getMap("classes"))
                .doesNotContainKeys("label-7", "label-8")
                .containsEntry("other", IMAGES / 1_000);
    }

    @Test
    void foldsTheCountsOfManySmallAdditions() {
        String dataset = Service.dataset();
        for (int i = 0; i < 40; i++) {
            Service.upload(dataset, "ants", Images.png()).statusCode(201);
        }

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(number("select count(*) from dataset_tally where dataset_id = " + id(dataset)))
                                .isLessThan(16));
        assertThat(view(dataset).getMap("classes")).isEqualTo(Map.of("ants", 40));
    }

    @Test
    void deletesALargeDatasetAtOnceAndItsRowsAfterwards() {
        String dataset = filled();
        long id = id(dataset);
        when().post("/v1/datasets/{name}/versions", dataset).then().statusCode(201);

        when().delete("/v1/datasets/{name}", dataset).then().statusCode(204);

        when().get("/v1/datasets/{name}", dataset).then().statusCode(404);
        given().contentType("application/json")
                .body(Map.of("name", dataset))
                .post("/v1/datasets")
                .then()
                .statusCode(201);
        Service.upload(dataset, "ants", Images.png()).statusCode(201);
        assertThat(view(dataset).getMap("classes")).isEqualTo(Map.of("ants", 1));
        when().get("/v1/datasets/{name}/versions/1", dataset).then().statusCode(200);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(List.of(
                                number("select count(*) from dataset_image where dataset_id = " + id),
                                number("select count(*) from dataset_tally where dataset_id = " + id),
                                number("select count(*) from dataset where id = " + id)))
                        .containsOnly(0L));
        assertThat(view(dataset).getMap("classes")).isEqualTo(Map.of("ants", 1));
    }

    /// Counts are folded in a transaction of their own, which may hold all rows that the removal comes upon.
    @Test
    void leavesNoCountsThatAreFoldedWhileTheirDatasetIsRemoved() throws Exception {
        String dataset = Service.dataset();
        long id = id(dataset);
        String counts = "insert into dataset_tally (dataset_id, label, images) values (%d, 'ants', 1)".formatted(id);
        execute(counts);
        CountDownLatch held = new CountDownLatch(1);
        CompletableFuture<Void> waitedFor = new CompletableFuture<>();
        try (ExecutorService folder = Executors.newSingleThreadExecutor()) {
            Future<?> fold = folder.submit(() -> transactions.call(
                    session -> session.createNativeQuery("delete from dataset_tally where dataset_id = " + id)
                            .executeUpdate()
                            .chain(() -> session.createNativeQuery(counts).executeUpdate())
                            .invoke(held::countDown)
                            .chain(() -> onThisContext(waitedFor))));
            assertThat(held.await(1, TimeUnit.MINUTES)).isTrue();
            when().delete("/v1/datasets/{name}", dataset).then().statusCode(204);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(number("""
                            select count(*) from pg_stat_activity
                            where wait_event_type = 'Lock' and query like 'delete from dataset_tally%'""")).isEqualTo(1));
            waitedFor.complete(null);
            fold.get(1, TimeUnit.MINUTES);
        }

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(number("select count(*) from dataset where id = " + id))
                        .isZero());
        assertThat(number("select count(*) from dataset_tally where dataset_id = " + id))
                .isZero();
    }

    /// A session is used by one context only.
    private static Uni<Void> onThisContext(CompletableFuture<Void> waitedFor) {
        Context context = Vertx.currentContext();
        return Uni.createFrom().completionStage(waitedFor).emitOn(next -> context.runOnContext(_ -> next.run()));
    }

    /// Makes a dataset of rows alone.
    private String filled() {
        String dataset = Service.dataset();
        GeneratedRows.fill(transactions, dataset, IMAGES, LABEL, "case when n % 10 = 0 then 'val' end");
        execute("""
                insert into reject (id, dataset_id, problem_type, detail)
                select gen_random_uuid(), %d, 'urn:test', 'test' from generate_series(1, 10000)""".formatted(id(dataset)));
        execute("analyze dataset_tally");
        execute("analyze reject");
        return dataset;
    }

    private void fillWithVersions(String dataset) {
        execute("""
                insert into dataset_version (dataset_id, version, manifest_key, manifest_digest, images, classes, splits)
                select %d, n, 'manifests/none', 'none', 0, '{}', '{}'
                from generate_series(1, %d) n""".formatted(id(dataset), ROWS));
        execute("analyze dataset_version");
    }

    /// Makes an import that ended, among as many others, with many refused files and leaks.
    private UUID importWithFindings() {
        long dataset = id(Service.dataset());
        UUID importId = UUID.randomUUID();
        execute("""
                insert into import_job (id, dataset_id, state, archive_present, total, rejected, finished_at)
                select case n when 1 then cast('%s' as uuid) else gen_random_uuid() end, %d, 'FAILED', false, %3$d, %3$d, now()
                from generate_series(1, %3$d) n""".formatted(importId, dataset, ROWS));
        execute("""
                insert into reject (id, dataset_id, import_id, ordinal, problem_type, detail)
                select gen_random_uuid(), j.dataset_id, j.id, n, 'urn:test', 'test'
                from import_job j, generate_series(1, case j.id when '%s' then 1000 else 2 end) n
                where j.dataset_id = %d""".formatted(importId, dataset));
        execute("""
                insert into import_leak (import_id, ordinal, label, split, kept_split)
                select j.id, n, 'ants', 'val', 'train'
                from import_job j, generate_series(1, case j.id when '%s' then 1000 else 2 end) n
                where j.dataset_id = %d""".formatted(importId, dataset));
        execute("""
                insert into import_finding (import_id, kind, files)
                values ('%s', 'leak', %d)""".formatted(importId, ROWS));
        execute("analyze import_job, reject, import_leak, import_finding");
        return importId;
    }

    private static JsonPath view(String dataset) {
        return when().get("/v1/datasets/{name}", dataset)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private long id(String dataset) {
        return number("select id from dataset where name = '" + dataset + "'");
    }

    private long number(String sql) {
        return transactions.call(
                session -> session.createNativeQuery(sql, Long.class).getSingleResult());
    }

    private String text(String sql) {
        return transactions.call(
                session -> session.createNativeQuery(sql, String.class).getSingleResult());
    }

    private void execute(String sql) {
        transactions.call(session -> session.createNativeQuery(sql).executeUpdate());
    }
}

package dev.graft.ingest;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.messaging.Transactions;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
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

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Inject
    Transactions transactions;

    @Test
    void readsEveryPageOfALargeDatasetFromAnIndex() {
        String dataset = filled();
        long id = id(dataset);
        String after = "'7'";

        assertThat(plan("""
                        select image_id from dataset_image
                        where dataset_id = %d and image_id > %s order by image_id limit 101""".formatted(id, after)))
                .as("all images")
                .contains("dataset_image_pkey")
                .doesNotContain("Seq Scan", "Sort");
        assertThat(plan("""
                        select image_id from dataset_image where dataset_id = %d and image_id > %s
                            and label = 'label-7' order by image_id limit 101""".formatted(id, after)))
                .as("images of a label")
                .contains("dataset_image_of_label")
                .doesNotContain("Seq Scan", "Sort");
        assertThat(plan("""
                        select image_id from dataset_image where dataset_id = %d and image_id > %s
                            and split = 'val' order by image_id limit 101""".formatted(id, after)))
                .as("images of a split")
                .contains("dataset_image_of_split")
                .doesNotContain("Seq Scan", "Sort");
        assertThat(plan("""
                        select seq from reject where seq > 0 and dataset_id = (select id from dataset where name = '%s')
                            order by seq limit 101""".formatted(dataset)))
                .as("refusals of a dataset")
                .contains("reject_by_dataset")
                .doesNotContain("Seq Scan on reject", "Sort");
        assertThat(plan("select name from dataset where deleted_at is null and name > 'x' order by name limit 101"))
                .as("datasets")
                .contains("dataset_live")
                .doesNotContain("Seq Scan", "Sort");
        assertThat(plan("""
                        select label, sum(images) from dataset_tally
                        where dataset_id in (%d) group by label""".formatted(id)))
                .as("counts")
                .contains("dataset_tally_by_dataset")
                .doesNotContain("Seq Scan");
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

    /// Makes a dataset of rows alone, as sending so many images would take too long.
    private String filled() {
        String dataset = Service.dataset();
        String run = UUID.randomUUID().toString();
        execute("""
                insert into image (id, size_bytes, media_type, width_pixels, height_pixels)
                select md5('%1$s' || n) || md5(n || '%1$s'), 1, 'image/png', 1, 1
                from generate_series(1, %2$d) n""".formatted(run, IMAGES));
        execute("analyze image");
        execute("""
                insert into dataset_image (dataset_id, image_id, label, split)
                select %1$d, md5('%2$s' || n) || md5(n || '%2$s'), %3$s, case when n %% 10 = 0 then 'val' end
                from generate_series(1, %4$d) n""".formatted(id(dataset), run, LABEL, IMAGES));
        execute("""
                insert into reject (id, dataset_id, problem_type, detail)
                select gen_random_uuid(), %d, 'urn:test', 'test' from generate_series(1, 10000)""".formatted(id(dataset)));
        execute("analyze dataset_image");
        execute("analyze dataset_tally");
        execute("analyze reject");
        return dataset;
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

    /// Whether the planner finds a small table not worth an index is not what is asked: what it cannot do
    /// without a scan or a sort it does with one, however dear.
    private String plan(String sql) {
        List<String> lines = transactions.call(session -> Uni.join()
                .all(Stream.of("seqscan", "bitmapscan", "sort")
                        .map(way -> session.createNativeQuery("set local enable_" + way + " = off")
                                .executeUpdate())
                        .toList())
                .usingConcurrencyOf(1)
                .andFailFast()
                .chain(() -> session.createNativeQuery("explain (costs off) " + sql, String.class)
                        .getResultList()));
        return String.join("\n", lines);
    }

    private void execute(String sql) {
        transactions.call(session -> session.createNativeQuery(sql).executeUpdate());
    }
}

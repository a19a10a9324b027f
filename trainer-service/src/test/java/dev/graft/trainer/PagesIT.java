package dev.graft.trainer;

import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import dev.graft.messaging.Transactions;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.sql.LargeTables;
import dev.graft.testkit.sql.Plan;
import dev.graft.testkit.sql.SentStatements;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves on generated rows that lists are read from indexes, and that no request counts runs or versions.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class PagesIT {
    private static final int RUNS = 20_000;

    /// The run that came to version 7 of model 7.
    private static final int RUN = 607;

    private static final String MODEL = "/v1/models/pages-7";

    private static final LargeTables LARGE = LargeTables.of("training_run", "model_version", "training_stage");

    private static final SentStatements SENT = new SentStatements("trainer", LARGE);

    @Inject
    Transactions transactions;

    /// A hundred models, each with the versions of the runs that succeeded.
    @BeforeEach
    void fill() {
        execute("""
                insert into training_run (id, fingerprint, dataset, dataset_version, manifest_key, manifest_digest, model,
                    version, state, created_at, finished_at, result, spec)
                select 'pages-' || n, 'none', 'pages', 1, 'none', 'none', 'pages-' || n %% 100,
                    n / 100 + 1, case n %% 2 when 1 then 'SUCCEEDED' else 'CANCELLED' end,
                    now() - n * interval '1 second' - interval '1 day', now(),
                    case n %% 2 when 1 then '{"testAccuracy": 0.5, "top5Accuracy": 1.0, "labels": ["a", "b"],
                        "confusionMatrix": [[1, 1], [1, 1]], "epochs": 1, "digest": "none", "evaluatedOn": "DRAWN",
                        "embeddings": {"total": 4, "cached": 4, "computed": 0},
                        "seconds": {"embedding": 0.0, "training": 1.0, "total": 1.0}}' end,
                    '{"backbone": "none", "layer": "none", "inputSize": 1, "precision": "f32", "head": "linear",
                    "optimizer": "lbfgs", "epochs": 1, "dropout": 0, "classWeights": "none", "seed": 1,
                    "testFraction": 0, "promote": false}'
                from generate_series(1, %d) n""".formatted(RUNS));
        execute("""
                insert into model_version (model, version, run_id, digest, test_accuracy, card)
                select model, version, id, 'none', 0.5, '{}'
                from training_run where dataset = 'pages' and state = 'SUCCEEDED'""");
        execute("""
                insert into production (model, version)
                select model, max(version) from model_version where run_id like 'pages-%' group by model""");
        execute("analyze training_run, model_version, model, production");
    }

    @AfterEach
    void clear() {
        execute("delete from production where model like 'pages-%'");
        execute("delete from model_version where model like 'pages-%'");
        execute("delete from model where name like 'pages-%'");
        execute("delete from training_run where dataset = 'pages'");
    }

    @Test
    void readsEveryListFromAnIndex() throws SQLException {
        reads("/v1/training-runs", "training_run_newest");
        reads("/v1/training-runs?limit=7", "training_run_newest");
        reads("/v1/training-runs?limit=7&after=pages-" + RUN, "training_run_pkey", "training_run_newest");
        reads("/v1/training-runs/pages-" + RUN, "training_run_pkey");
        reads("/v1/models", "model_pkey", "model_version_pkey");
        reads("/v1/models?limit=7&after=pages-5", "model_pkey", "model_version_pkey");
        reads(MODEL, "model_pkey", "model_version_pkey");
        reads(MODEL + "/versions", "model_version_pkey");
        reads(MODEL + "/versions?limit=7&after=50", "model_version_pkey");
        reads(MODEL + "/versions/7", "model_version_pkey");
    }

    /// A matrix of thousands of classes has millions of numbers, and a page a hundred runs.
    @Test
    void listsRunsWithoutTheirMatrices() {
        String run = "pages-" + RUN;
        String before = "pages-" + (RUN - 1);

        when().get("/v1/training-runs?limit=1&after=" + before)
                .then()
                .body("[0].id", equalTo(run))
                .body("[0].result.testAccuracy", equalTo(0.5f))
                .body("[0].result", not(hasKey("confusionMatrix")));
        when().get("/v1/training-runs/" + run).then().body("result.confusionMatrix[1][0]", equalTo(1));
    }

    @Test
    void keepsHowManyVersionsAModelHas() {
        when().get(MODEL)
                .then()
                .statusCode(200)
                .body("versions", equalTo(RUNS / 100))
                .body("newest", equalTo(RUNS / 100))
                .body("production", equalTo(RUNS / 100))
                .body("testAccuracy", equalTo(0.5f));
    }

    @Test
    void givesEveryItemOfAListOnOneOfItsPages() {
        List<String> runs = page("/v1/training-runs?limit=40", "id");
        assertThat(page("/v1/training-runs?limit=15&after=" + runs.get(24), "id"))
                .isEqualTo(runs.subList(25, 40));
        List<String> all = page("/v1/models", "name");
        assertThat(walk("/v1/models", 7, "name")).isEqualTo(all).hasSizeGreaterThanOrEqualTo(50);
        assertThat(walk(MODEL + "/versions", 30, "version"))
                .isEqualTo(IntStream.rangeClosed(1, RUNS / 100)
                        .mapToObj(version -> Integer.toString(RUNS / 100 + 1 - version))
                        .toList());
        when().get("/v1/training-runs?after=nobody").then().statusCode(404).body("pointer", equalTo("after"));
    }

    /// Reads a list page by page.
    ///
    /// @return what each item is called, in the order of the list
    private static List<String> walk(String list, int limit, String key) {
        List<String> found = new ArrayList<>();
        List<String> page = page(list + "?limit=" + limit, key);
        while (!page.isEmpty()) {
            found.addAll(page);
            page = page(list + "?limit=" + limit + "&after=" + page.getLast(), key);
        }
        return found;
    }

    private static List<String> page(String page, String key) {
        return when().get(page).then().statusCode(200).extract().jsonPath().getList(key, String.class);
    }

    private static void reads(String page, String... indexes) throws SQLException {
        List<Plan> plans = SENT.during(() -> when().get(page).then().statusCode(200));

        assertThat(LARGE.faults(plans)).as(page).isEmpty();
        assertThat(plans).as(page).flatExtracting(Plan::indexes).contains(indexes);
    }

    private void execute(String sql) {
        transactions.call(session -> session.createNativeQuery(sql).executeUpdate());
    }
}

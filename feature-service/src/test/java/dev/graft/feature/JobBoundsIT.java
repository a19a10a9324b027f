package dev.graft.feature;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import dev.graft.contracts.EmbeddingsRequested;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.messaging.Transactions;
import dev.graft.problem.ProblemType;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What happens while as many jobs as may be are open, and to jobs whose processes die.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@TestProfile(ClaimIT.WithoutWorker.class)
class JobBoundsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MAX_OPEN = 10_000;

    @Inject
    Transactions transactions;

    @Inject
    Stage stage;

    @AfterEach
    void close() {
        execute("delete from durable_job where owner = 'crowd'");
    }

    @Test
    void cancelsAJobHoweverManyOthersAreStillToBeForgotten() {
        crowd("embedding-forgetting");
        String id = given().contentType("application/json")
                .body(Map.of("imageIds", List.of(newImage())))
                .post("/v1/embedding-jobs")
                .then()
                .statusCode(202)
                .extract()
                .path("id");

        given().delete("/v1/embedding-jobs/{id}", id).then().statusCode(200).body("state", equalTo("CANCELLED"));
    }

    /// Nobody asks for it again, so that it must outlive other work that ends its process.
    @Test
    void forgetsWhatACancelledJobWaitedForAfterMoreDeathsThanEndOtherJobs() {
        String id = UUID.randomUUID().toString();
        execute("""
                insert into job (id, manifest_key, precision, state, announced_at)
                values ('%s', 'none', 'F32', 'CANCELLED', now())""".formatted(id));
        execute("""
                insert into durable_job (id, kind, owner, attempts)
                values ('forgetting-%1$s', 'embedding-forgetting', '%1$s', 9)""".formatted(id));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(transactions.<String>call(session -> session.createNativeQuery(
                                        "select state from durable_job where id = :id", String.class)
                                .setParameter("id", "forgetting-" + id)
                                .getSingleResult()))
                        .isEqualTo("SUCCEEDED"));
    }

    /// A training run waits for the answer to its request: one that was parked would keep it waiting for ever.
    @Test
    void takesARequestThatCameWhileTooManyJobsWereOpenOnceSomeHaveEnded() {
        crowd("embedding");
        String id = UUID.randomUUID().toString();
        stage.publish(new EmbeddingsRequested(id, ExtractorChoice.defaults(), stage.manifest(List.of(newImage()))));

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> given().get("/q/health/ready").then().body(containsString("accept-embedding-jobs")));
        given().get("/v1/embedding-jobs/{id}", id).then().statusCode(404);
        close();

        assertThat(stage.receiveJobBegin(id).total()).isEqualTo(1);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> given().get("/q/health/ready").then().body(not(containsString("accept-embedding-jobs"))));
    }

    /// Whoever balances requests would leave all replicas without any, for the queue is one.
    @Test
    void refusesJobsOnlyWhileAsManyAsMayBeAreOpen() {
        crowd("embedding");
        stage.publish(new EmbeddingsRequested(
                UUID.randomUUID().toString(), ExtractorChoice.defaults(), stage.manifest(List.of(newImage()))));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> given().get("/q/health/ready").then().body(containsString("accept-embedding-jobs")));

        given().get("/q/health/ready").then().statusCode(200);
        given().contentType("application/json")
                .body(Map.of("imageIds", List.of(newImage())))
                .post("/v1/embedding-jobs")
                .then()
                .statusCode(503)
                .header("Retry-After", notNullValue())
                .body("type", equalTo(ProblemType.TOO_BUSY.uri().toString()));
        given().get("/v1/embeddings/{id}", newImage()).then().statusCode(404);
        given().contentType("image/png")
                .body(DrawnImages.small(System.nanoTime()))
                .post("/v1/embeddings")
                .then()
                .statusCode(200);
    }

    /// Opens as many jobs of a kind as may be open; no worker may have them.
    private void crowd(String kind) {
        execute("""
                insert into durable_job (id, kind, owner, due_at)
                select 'crowd-' || n, '%s', 'crowd', 'infinity' from generate_series(1, %d) n""".formatted(kind, MAX_OPEN));
    }

    private static String newImage() {
        return Photographs.imageId(UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII));
    }

    private void execute(String sql) {
        transactions.call(session -> session.createNativeQuery(sql).executeUpdate());
    }
}

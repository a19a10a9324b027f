package dev.graft.trainer;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import dev.graft.contracts.Split;
import dev.graft.messaging.Transactions;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.sql.SentStatements;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/// Two hundred clients follow one run over HTTP.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@QuarkusTestResource(IngestStub.class)
class RunFollowersIT {
    private static final int FOLLOWERS = 200;
    private static final Duration QUIET = Duration.ofSeconds(3);

    @Inject
    Stage stage;

    @Inject
    Transactions transactions;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Test
    void costTheDatabaseNothingAndAllReadTheEnd() throws Exception {
        String run = stage.begin(Stage.byDefault(stage.dataset("held", 2, 4, _ -> Split.TRAIN)));
        await().atMost(Stage.PATIENCE).until(() -> stage.features.holds(run));
        CountDownLatch following = new CountDownLatch(FOLLOWERS);

        List<Future<List<String>>> followers = new ArrayList<>();
        try (HttpClient http = HttpClient.newHttpClient();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < FOLLOWERS; i++) {
                followers.add(threads.submit(() -> read(http, run, following)));
            }
            assertThat(following.await(Stage.PATIENCE.toSeconds(), SECONDS)).isTrue();
            long before = news();
            await().pollDelay(QUIET).until(() -> true);
            assertThat(news() - before).as("reads while nothing changes").isZero();

            given().delete("/v1/training-runs/" + run).then().statusCode(200);

            for (Future<List<String>> follower : followers) {
                assertThat(follower.get(Stage.PATIENCE.toSeconds(), SECONDS).getLast())
                        .contains("\"state\":\"CANCELLED\"");
            }
            // What is new, and that there is no more; the look that time brings may fall into it.
            assertThat(news() - before).as("reads for the end").isBetween(1L, 4L);
        }
    }

    /// Proves that a client that was cut off long ago receives the end: jobs are forgotten some days after
    /// theirs.
    @Test
    void readTheEndOfARunWhoseJobIsForgotten() {
        String run = stage.begin(Stage.byDefault(stage.dataset("held", 2, 4, _ -> Split.TRAIN)));
        given().delete("/v1/training-runs/" + run).then().statusCode(200);
        for (String table : List.of("durable_job_event where job_id", "durable_job where id")) {
            transactions.call(session -> session.createNativeQuery("delete from " + table + " = :run")
                    .setParameter("run", run)
                    .executeUpdate());
        }

        given().header("Last-Event-ID", "1")
                .get("/v1/training-runs/" + run + "/events")
                .then()
                .statusCode(200)
                .body(containsString("event:run"), containsString("\"state\":\"CANCELLED\""));
    }

    /// Reads all events of a run to their end.
    private List<String> read(HttpClient http, String run, CountDownLatch following)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/v1/training-runs/%s/events".formatted(port, run)))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        List<String> events = new ArrayList<>();
        try (Stream<String> lines =
                http.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
            lines.filter(line -> line.startsWith("data:")).forEach(event -> {
                if (events.isEmpty()) {
                    following.countDown();
                }
                events.add(event);
            });
        }
        return events;
    }

    /// Returns how often it was looked up what happened to jobs.
    private static long news() throws Exception {
        return SentStatements.selects("durable_job_event");
    }
}

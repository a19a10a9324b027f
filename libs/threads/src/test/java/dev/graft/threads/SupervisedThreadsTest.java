package dev.graft.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@QuarkusTest
class SupervisedThreadsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    SupervisedThreads threads;

    @Test
    void startsAThreadAgainThatEndedWithAnError() throws Exception {
        AtomicInteger lives = new AtomicInteger();
        CountDownLatch alive = new CountDownLatch(1);
        SupervisedThreads.Supervised supervised = threads.platform("mortal", () -> {
            if (lives.incrementAndGet() < 3) {
                throw new NoClassDefFoundError("some/Missing");
            }
            alive.countDown();
            new CountDownLatch(1).await();
        });

        alive.await();
        assertThat(lives).hasValue(3);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(liveness()).isEqualTo(200));
        supervised.interrupt();
    }

    @Test
    void saysDownOverAThreadThatDoesNotLive() {
        AtomicBoolean mortal = new AtomicBoolean(true);
        SupervisedThreads.Supervised supervised = threads.virtual("stillborn", () -> {
            if (mortal.get()) {
                throw new StackOverflowError();
            }
            new CountDownLatch(1).await();
        });

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(liveness()).isEqualTo(503);
            assertThat(RestAssured.get("/q/health/live").asString()).contains("stillborn");
        });
        mortal.set(false);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(liveness()).isEqualTo(200));
        supervised.interrupt();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(liveness()).isEqualTo(200));
    }

    /// Proves that a pause between restarts grows, so that a probe every ten seconds sees the thread dead.
    @Test
    void saysDownForLongerTheMoreOftenAThreadDied() throws Exception {
        AtomicInteger lives = new AtomicInteger();
        SupervisedThreads.Supervised supervised = threads.virtual("mayfly", () -> {
            lives.incrementAndGet();
            throw new NoClassDefFoundError("some/Missing");
        });

        // 0, 1, 2 and 4 seconds between them, and what looking takes.
        await().atMost(Duration.ofSeconds(30)).until(() -> lives.get() == 5);
        await().during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(7))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> threads.dead().contains("mayfly") && lives.get() == 5);
        supervised.interrupt();
    }

    /// Proves that work with an end is brought to it, and then missed by nobody.
    @Test
    void startsWorkThatHasAnEndAgainUntilItIsDone() {
        AtomicInteger lives = new AtomicInteger();
        threads.virtualToTheEnd("errand", () -> {
            if (lives.incrementAndGet() < 2) {
                throw new NoClassDefFoundError("some/Missing");
            }
        });

        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(lives).hasValue(2);
            assertThat(threads.dead()).isEmpty();
        });
    }

    /// Proves that a thread which is being started is not taken for dead: two would do its work.
    @Test
    void startsEachThreadOnceHoweverOftenItIsLookedAfterMeanwhile() throws Exception {
        int count = 2_000;
        AtomicInteger lives = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        SupervisedThreads many = new SupervisedThreads();
        AtomicBoolean starting = new AtomicBoolean(true);
        CountDownLatch looking = new CountDownLatch(1);
        Thread supervisor = Thread.ofPlatform().start(() -> {
            while (starting.get()) {
                many.look();
                looking.countDown();
            }
        });
        looking.await();
        for (int i = 0; i < count; i++) {
            many.virtualToTheEnd("one", () -> {
                lives.incrementAndGet();
                end.await();
            });
        }
        starting.set(false);
        supervisor.join();
        end.countDown();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(many.dead()).isEmpty());
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(lives).hasValue(count));
    }

    private static int liveness() {
        return RestAssured.get("/q/health/live").statusCode();
    }
}

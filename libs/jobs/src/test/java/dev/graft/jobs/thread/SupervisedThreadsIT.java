package dev.graft.jobs.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class SupervisedThreadsIT {
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
        await().untilAsserted(() -> assertThat(liveness()).isEqualTo(200));
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
        await().untilAsserted(() -> assertThat(liveness()).isEqualTo(200));
    }

    private static int liveness() {
        return RestAssured.get("/q/health/live").statusCode();
    }
}

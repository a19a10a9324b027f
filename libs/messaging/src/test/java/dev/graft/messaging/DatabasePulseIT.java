package dev.graft.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(MessagingBackends.class)
class DatabasePulseIT extends MessagingSetting {
    @Inject
    DatabasePulse pulse;

    /// Proves that work which blocks the event loop for longer than the database may take does not make it absent.
    @Test
    void doesNotTakeAnEventLoopThatStoodStillForADatabaseThatIsAway() throws InterruptedException {
        Duration still = Duration.ofSeconds(DatabasePulse.DEADLINE_SECONDS + 2);
        CountDownLatch goesOn = new CountDownLatch(1);
        pulse.loop().runOnContext(_ -> {
            block(still);
            goesOn.countDown();
        });

        await().during(still.plusSeconds(1)).atMost(still.plusSeconds(30)).until(() -> !pulse.isAway());

        assertThat(goesOn.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(transactions.<Integer>call(_ -> Uni.createFrom().item(1))).isEqualTo(1);
    }

    private static void block(Duration time) {
        try {
            assertThat(new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS))
                    .isFalse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

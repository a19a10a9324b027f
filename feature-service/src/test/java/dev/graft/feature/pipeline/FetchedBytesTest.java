package dev.graft.feature.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {

    @Test
    void letsThroughWhileThereIsRoom() throws InterruptedException {
        ByteBudget budget = new ByteBudget(100);
        budget.add(99);

        budget.awaitRoom();
    }

    @Test
    void makesWaitUntilEnoughWasLetGo() throws InterruptedException {
        ByteBudget budget = new ByteBudget(100);
        budget.add(300);
        CountDownLatch passed = new CountDownLatch(1);
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                budget.awaitRoom();
                passed.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        budget.add(-150);
        assertThat(passed.await(50, TimeUnit.MILLISECONDS)).isFalse();
        budget.add(-100);

        assertThat(passed.await(10, TimeUnit.SECONDS)).isTrue();
        waiting.join();
    }
}

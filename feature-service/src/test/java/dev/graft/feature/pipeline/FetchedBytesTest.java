package dev.graft.feature.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FetchedBytesTest {

    @Test
    void letsThroughWhileThereIsRoom() throws InterruptedException {
        FetchedBytes fetched = new FetchedBytes(100);
        fetched.add(99);

        fetched.awaitRoom();
    }

    @Test
    void makesWaitUntilEnoughWasLetGo() throws InterruptedException {
        FetchedBytes fetched = new FetchedBytes(100);
        fetched.add(300);
        CountDownLatch passed = new CountDownLatch(1);
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                fetched.awaitRoom();
                passed.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        fetched.add(-150);
        assertThat(passed.await(50, TimeUnit.MILLISECONDS)).isFalse();
        fetched.add(-100);

        assertThat(passed.await(10, TimeUnit.SECONDS)).isTrue();
        waiting.join();
    }
}

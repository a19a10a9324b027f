package dev.graft.problem.request;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class OpenBodiesTest {
    @Test
    void areNotLetTakeEveryThread() {
        OpenBodies.requireThreads(256, 257);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenBodies.requireThreads(256, 256))
                .withMessageContaining("graft.http.max-bodies is 256")
                .withMessageContaining("quarkus.thread-pool.max-threads 256");
    }
}

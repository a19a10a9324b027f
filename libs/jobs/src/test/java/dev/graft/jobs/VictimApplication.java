package dev.graft.jobs;

import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// The application of a [VictimProcess]. Not run by itself: its name is no test's.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class VictimApplication {
    /// A job whose id begins so ends the process that works on it: it waits to be killed, or takes all memory.
    static final String DEADLY = "deadly-";

    /// A job whose id begins so overflows the stack.
    static final String DEEP = "deep-";

    private static final int OUT_OF_MEMORY_AT = 2;

    @Inject
    JobRunner runner;

    @Inject
    Diggers.ByMachine machine;

    @Test
    void worksUntilItIsKilled() throws Exception {
        say("ready");
        while (true) {
            runner.claim(Diggers.BY_MACHINE).ifPresentOrElse(this::work, () -> say("idle"));
        }
    }

    private void work(Attempt attempt) {
        String id = attempt.jobId();
        machine.does(id, VictimApplication::die);
        say("claimed " + id);
        try {
            runner.work(attempt);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        say("worked " + id);
    }

    private static void die(Attempt attempt) throws InterruptedException {
        if (attempt.jobId().startsWith(DEADLY)) {
            if (attempt.number() == OUT_OF_MEMORY_AT) {
                hoard();
            }
            new CountDownLatch(1).await();
        }
        if (attempt.jobId().startsWith(DEEP)) {
            fall(0);
        }
    }

    private static void hoard() {
        List<long[]> hoard = new ArrayList<>();
        while (true) {
            hoard.add(new long[1 << 20]);
        }
    }

    private static int fall(int depth) {
        return fall(depth + 1) + 1;
    }

    private static void say(String line) {
        System.out.println("victim: " + line);
        System.out.flush();
    }
}

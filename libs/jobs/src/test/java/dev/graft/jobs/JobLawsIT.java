package dev.graft.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.graft.messaging.Transactions;
import dev.graft.testkit.Backends;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.Latency;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The laws of jobs, on a real database.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class JobLawsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    Ditches ditches;

    @Inject
    Jobs jobs;

    @Inject
    JobRunner runner;

    @Inject
    Diggers.ByHand hand;

    @Inject
    Diggers.ByMachine machine;

    @Inject
    Transactions transactions;

    @BeforeEach
    void leaveNothingToDigByHand() {
        ditches.run("update durable_job set state = 'SUCCEEDED', finished_at = now() where kind = 'by-hand'");
        ditches.run("delete from durable_job_turn");
    }

    @Test
    void queuesAJobWithTheRowsItSpeaksOfOrNotAtAll() {
        assertThatThrownBy(() ->
                        transactions.call(session -> jobs.enqueue(session, new NewJob("never", Diggers.BY_HAND, "a"))
                                .chain(() -> Uni.createFrom().failure(new IllegalStateException("changed my mind")))))
                .isNotNull();

        assertThat(ditches.count("select count(*) from durable_job where id = 'never'"))
                .isZero();
    }

    @Test
    void endsAJobThatWasClaimedThreeTimesInVainAndServesWhatStandsBehindIt() throws Exception {
        String poison = ditches.order(Diggers.BY_HAND, "a");
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(claim().jobId()).isEqualTo(poison);
            expireLeases();
        }
        String next = ditches.order(Diggers.BY_HAND, "a");

        Attempt served = claim();
        runner.work(served);

        assertThat(served.jobId()).isEqualTo(next);
        assertThat(ditches.describe(next)).isEqualTo("DUG 1");
        assertThat(ditches.describe(poison)).startsWith("FAILED");
        assertThat(ditches.job(poison).getFirst()).isEqualTo("FAILED");
        assertThat(ditches.job(poison).getLast())
                .contains("The process that worked on it ended 3 of 3 times (killed, out of memory or crashed)");
    }

    @Test
    void forgetsEarlierAttemptsOnceTheJobComesFurther() {
        String id = ditches.order(Diggers.BY_HAND, "a");
        for (int life = 0; life < 6; life++) {
            Attempt attempt = claim();
            assertThat(attempt.jobId()).isEqualTo(id);
            attempt.advance(session -> Ditches.dig(session, id));
            assertThat(attempt.number()).isEqualTo(1);
            expireLeases();
        }

        assertThat(ditches.describe(id)).isEqualTo("BEGUN 6");
    }

    @Test
    void refusesWhatAnAttemptWritesThatLostItsLease() {
        String id = ditches.order(Diggers.BY_HAND, "a");
        Attempt stale = claim();
        expireLeases();
        Attempt fresh = claim();

        assertThatThrownBy(() -> stale.write(session -> Ditches.dig(session, id)))
                .isInstanceOf(AttemptOverException.class);
        assertThatThrownBy(() -> stale.advance(session -> Ditches.dig(session, id)))
                .isInstanceOf(AttemptOverException.class);
        assertThatThrownBy(() -> stale.succeed(session -> Ditches.note(session, id, "DUG")))
                .isInstanceOf(AttemptOverException.class);
        assertThat(ditches.describe(id)).isEqualTo("BEGUN 0");
        assertThat(fresh.token()).isGreaterThan(stale.token());
        fresh.succeed(session -> Ditches.note(session, id, "DUG"));
        assertThat(ditches.describe(id)).isEqualTo("DUG 0");
    }

    @Test
    void keepsTheLeaseOfAJobThatTakesLonger() {
        String id = "ditch-" + System.nanoTime();
        AtomicInteger claims = new AtomicInteger();
        machine.does(id, attempt -> {
            claims.incrementAndGet();
            await().during(Diggers.LEASE.multipliedBy(2)).atMost(PATIENCE).until(() -> !attempt.isOver());
        });
        ditches.order(Diggers.BY_MACHINE, "a", id);

        await().atMost(PATIENCE).until(() -> ditches.describe(id).startsWith("DUG"));
        assertThat(claims).hasValue(1);
    }

    /// The keeper of leases finds none of a job that has ended, which is no loss.
    @Test
    void interruptsNoAttemptThatHasEndedItsJob() {
        String id = "ditch-" + System.nanoTime();
        CompletableFuture<Boolean> undisturbed = new CompletableFuture<>();
        machine.does(id, attempt -> {
            attempt.succeed(session -> Ditches.note(session, id, "DUG"));
            try {
                boolean unused = new CountDownLatch(1)
                        .await(Diggers.LEASE.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);
                undisturbed.complete(true);
            } catch (InterruptedException interrupted) {
                undisturbed.complete(false);
                throw interrupted;
            }
        });
        ditches.order(Diggers.BY_MACHINE, "a", id);

        assertThat(undisturbed).succeedsWithin(PATIENCE).isEqualTo(true);
    }

    /// Whoever looks between the commit and the moment in which the worker hears of it sees a job that is not the
    /// attempt's any more.
    @Test
    void interruptsNoAttemptThatIsEndingItsJob() {
        String id = ditches.order(Diggers.BY_HAND, "a");
        Attempt attempt = claim();
        attempt.begin();
        try {
            String left = attempt.succeed(session -> {
                attempt.end(Attempt.Over.LOST);
                attempt.end(Attempt.Over.CANCELLED);
                return Uni.createFrom().item("dug");
            });

            assertThat(left).isEqualTo("dug");
            assertThat(Thread.interrupted()).isFalse();
            assertThat(attempt.isOver()).isFalse();
            assertThat(ditches.job(id)).contains("SUCCEEDED");
        } finally {
            attempt.finish();
        }
    }

    @Test
    void cancelsAJobThatRunsInAnotherProcessWithinASecond() throws Exception {
        assertThat(Latency.median(5, this::cancelFromAnotherProcess)).isLessThan(Duration.ofSeconds(1));
    }

    /// Returns the time from the cancelling to the interruption of the work.
    private Duration cancelFromAnotherProcess() throws Exception {
        String id = "ditch-" + System.nanoTime();
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<Throwable> end = new AtomicReference<>();
        AtomicReference<Long> overNanos = new AtomicReference<>();
        machine.does(id, attempt -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException interrupted) {
                overNanos.set(System.nanoTime());
                try {
                    attempt.write(session -> Ditches.dig(session, id));
                } catch (AttemptOverException refused) {
                    end.set(refused);
                    throw refused;
                }
            }
        });
        ditches.order(Diggers.BY_MACHINE, "a", id);
        begun.await();

        long cancelledNanos = System.nanoTime();
        // Another process is one that shares nothing with this one but the database.
        try (Connection other = DriverManager.getConnection(
                        Backends.shared().database().jdbcUrl(),
                        Backends.shared().configuration().get("quarkus.datasource.username"),
                        Backends.shared().configuration().get("quarkus.datasource.password"));
                PreparedStatement cancel = other.prepareStatement("""
                        update ditches.durable_job set state = 'CANCELLED', token = token + 1, finished_at = now()
                        where id = ?""")) {
            cancel.setString(1, id);
            assertThat(cancel.executeUpdate()).isOne();
        }

        await().atMost(PATIENCE).untilAtomic(end, org.hamcrest.Matchers.notNullValue());
        assertThat(ditches.describe(id)).endsWith(" 0");
        return Duration.ofNanos(overNanos.get() - cancelledNanos);
    }

    @Test
    void cancelsAJobWithItsDomainsRowsWhetherItRunsOrWaits() {
        String waiting = ditches.order(Diggers.BY_HAND, "a");
        assertThat(cancel(waiting)).isTrue();
        assertThat(cancel(waiting)).isFalse();
        assertThat(ditches.describe(waiting)).isEqualTo("CANCELLED 0");
        assertThat(ditches.job(waiting)).containsExactly("CANCELLED", "no longer wanted");
        assertThat(runner.claim(Diggers.BY_HAND)).isEmpty();
    }

    private boolean cancel(String id) {
        return transactions.call(session -> jobs.cancel(session, id, "no longer wanted"));
    }

    @Test
    void letsTwoOwnersNotWaitForTheBacklogOfAThird() {
        for (int i = 0; i < 100; i++) {
            ditches.order(Diggers.BY_HAND, "backlog");
        }
        assertThat(claim().owner()).isEqualTo("backlog");
        ditches.order(Diggers.BY_HAND, "one");
        ditches.order(Diggers.BY_HAND, "other");
        ditches.order(Diggers.BY_HAND, "one");

        List<String> owners = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            owners.add(claim().owner());
        }

        assertThat(owners).containsExactly("one", "other", "backlog", "one", "backlog");
    }

    @Test
    void refusesAJobBeforeItIsAccepted() {
        assertThatThrownBy(() -> ditches.order(Diggers.BY_HAND, "nobody")).hasMessageContaining("nobody digs here");
        for (int i = 0; i < 150; i++) {
            ditches.order(Diggers.BY_HAND, "a");
        }
        assertThatThrownBy(() -> ditches.order(Diggers.BY_HAND, "a")).isInstanceOf(TooManyJobsException.class);
        assertThat(ditches.count("select count(*) from durable_job where kind = 'by-hand' and state = 'QUEUED'"))
                .isEqualTo(150);
    }

    @Test
    void countsAnErrorLikeAnyFaultAndTheWorkerServesTheNextJob() {
        String poison = "ditch-" + System.nanoTime();
        AtomicInteger attempts = new AtomicInteger();
        machine.does(poison, attempt -> {
            attempts.incrementAndGet();
            throw new NoClassDefFoundError("org/tukaani/xz/XZInputStream");
        });
        ditches.order(Diggers.BY_MACHINE, "a", poison);
        String next = ditches.order(Diggers.BY_MACHINE, "a");

        await().atMost(PATIENCE).until(() -> ditches.describe(next).startsWith("DUG"));
        awaitFailed(poison);
        assertThat(attempts).hasValue(3);
        assertThat(ditches.job(poison).getLast())
                .contains("broke off 3 times")
                .contains("a missing part of the program");
    }

    /// Waits until a job has failed, without the pauses between its attempts.
    private void awaitFailed(String id) {
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            makeDue(id);
                            return ditches.job(id).getFirst();
                        },
                        "FAILED"::equals);
    }

    private void makeDue(String id) {
        ditches.run("update durable_job set due_at = now() where state = 'QUEUED' and id = '" + id + "'");
    }

    /// As when rows of an earlier release cannot be read: the job is the first of its kind, and would be
    /// claimed for ever.
    @ParameterizedTest
    @EnumSource(Diggers.Broken.class)
    void endsAJobWhoseBeginningFailsAndServesWhatStandsBehindIt(Diggers.Broken part) throws Exception {
        String poison = ditches.order(Diggers.BY_HAND, "a");
        String next = ditches.order(Diggers.BY_HAND, "a");
        hand.breaks(poison, part);

        List<String> served = new ArrayList<>();
        for (int attempt = 0; attempt < JobKind.DEFAULT_MAX_ATTEMPTS + 1; attempt++) {
            Attempt claimed = runner.claim(Diggers.BY_HAND).orElseThrow();
            served.add(claimed.jobId());
            runner.work(claimed);
            if (served.contains(next)) {
                makeDue(poison);
            }
        }

        assertThat(served).containsExactly(poison, next, poison, poison);
        assertThat(ditches.describe(next)).isEqualTo("DUG 1");
        assertThat(ditches.job(poison).getFirst()).isEqualTo("FAILED");
        assertThat(ditches.job(poison).getLast()).contains("broke off 3 times");
        assertThat(ditches.describe(poison)).isEqualTo(part.isEndNoted() ? "FAILED 0" : "ORDERED 0");
        assertThat(runner.claim(Diggers.BY_HAND)).isEmpty();
        assertThat(ditches.count("select count(*) from durable_job_event where ended and job_id = '" + poison + "'"))
                .isOne();
    }

    /// A long job outlives any number of outages.
    @Test
    void doesNotCountAnAttemptThatTheDatabaseBrokeOff() {
        String id = "ditch-" + System.nanoTime();
        int outages = JobKind.DEFAULT_MAX_ATTEMPTS;
        AtomicInteger claims = new AtomicInteger();
        machine.does(id, attempt -> {
            if (claims.incrementAndGet() <= outages) {
                wrapped(() -> attempt.write(session -> session.createNativeQuery(
                                "select cast(pg_terminate_backend(pg_backend_pid()) as text)", String.class)
                        .getSingleResult()));
            }
        });
        ditches.order(Diggers.BY_MACHINE, "a", id);

        await().atMost(PATIENCE).until(() -> ditches.describe(id).startsWith("DUG"));
        assertThat(claims).hasValue(outages + 1);
    }

    /// The server is there, and would end the same statement for ever.
    @Test
    void countsAnAttemptWhoseStatementTakesTooLong() {
        String id = "ditch-" + System.nanoTime();
        AtomicInteger claims = new AtomicInteger();
        machine.does(id, attempt -> {
            claims.incrementAndGet();
            attempt.write(session -> session.createNativeQuery("set local statement_timeout = 1")
                    .executeUpdate()
                    .chain(() -> session.createNativeQuery("select cast(pg_sleep(30) as text)", String.class)
                            .getSingleResult()));
        });
        ditches.order(Diggers.BY_MACHINE, "a", id);

        await().atMost(PATIENCE).until(() -> ditches.describe(id).startsWith("FAILED"));
        assertThat(claims).hasValue(JobKind.DEFAULT_MAX_ATTEMPTS);
    }

    private static void wrapped(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            throw new IllegalStateException("what the handler was about", e);
        }
    }

    @Test
    void letsAJobWaitWithoutAWorkerUntilItIsWoken() {
        String id = ditches.order(Diggers.BY_HAND, "a");
        claim().park(session -> Ditches.note(session, id, "WAITS"));
        assertThat(runner.claim(Diggers.BY_HAND)).isEmpty();

        transactions.call(session -> jobs.wake(session, id));

        assertThat(claim().jobId()).isEqualTo(id);
    }

    @Test
    void measuresEachKindWithHelp() {
        ditches.order(Diggers.BY_HAND, "a");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(RestAssured.get("/q/metrics").asString())
                        .contains("graft_jobs_queued{kind=\"by-hand\"} 1.0"));
        String metrics = RestAssured.get("/q/metrics").asString();
        assertThat(List.of("queued", "running", "oldest_seconds", "attempts_total", "given_up_total"))
                .allSatisfy(name -> assertThat(metrics)
                        .containsPattern("# HELP graft_jobs_" + name.replace("_total", "") + " \\w+")
                        .contains("graft_jobs_" + name + "{kind=\"by-machine\"}"));
        assertThat(metrics).containsPattern("# HELP graft_jobs_attempt_seconds \\w+");
    }

    private Attempt claim() {
        Attempt claimed = runner.claim(Diggers.BY_HAND).orElseThrow();
        claimed.noteBegun();
        return claimed;
    }

    private void expireLeases() {
        ditches.run("update durable_job set lease_until = now() - interval '1 second'"
                + " where kind = 'by-hand' and state = 'RUNNING'");
    }
}

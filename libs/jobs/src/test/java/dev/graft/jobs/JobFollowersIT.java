package dev.graft.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.graft.messaging.Transactions;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.sql.SentStatements;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What followers of a job read, and what it costs.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class JobFollowersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int FOLLOWERS = 200;

    @Inject
    Ditches ditches;

    @Inject
    JobRunner runner;

    @Inject
    JobFollowers followers;

    @Inject
    JobNotifications notifications;

    @Inject
    Transactions transactions;

    private String id;
    private Attempt attempt;

    @BeforeEach
    void begin() {
        await().atMost(PATIENCE).until(notifications::isListening);
        ditches.run("update durable_job set state = 'SUCCEEDED', finished_at = now() where kind = 'by-hand'");
        id = ditches.order(Diggers.BY_HAND, "a");
        attempt = runner.claim(Diggers.BY_HAND).orElseThrow();
        attempt.noteBegun();
    }

    @Test
    void sendsHowItStandsAndThenEveryChangeToTheEnd() throws Exception {
        try (Follower<String> follower = follow(null)) {
            assertThat(read(follower, 1)).containsExactly("BEGUN 0");
            dig(3);
            attempt.succeed(session -> Ditches.note(session, id, "DUG"));

            assertThat(read(follower, 4)).containsExactly("BEGUN 1", "BEGUN 2", "BEGUN 3", "DUG 3");
            assertThat(follower.isAtEnd()).isTrue();
        }
    }

    @Test
    void goesOnAfterTheLastRevisionWithoutAGap() throws Exception {
        long last;
        try (Follower<String> follower = follow(null)) {
            read(follower, 1);
            dig(1);
            last = next(follower).revision();
        }
        dig(700);
        try (Follower<String> resumed = follow(last)) {
            dig(1);
            List<String> expected =
                    IntStream.rangeClosed(2, 702).mapToObj(i -> "BEGUN " + i).toList();
            assertThat(read(resumed, 701)).isEqualTo(expected);
        }
    }

    @Test
    void endsForOneThatHasReadTheEndAndBeginsAgainForOneThatNamesWhatNeverWas() throws Exception {
        attempt.succeed(session -> Ditches.note(session, id, "DUG"));
        long end;
        try (Follower<String> follower = follow(99_999L)) {
            Follower.Rendered<String> event = next(follower);
            assertThat(event.event()).isEqualTo("DUG 0");
            end = event.revision();
        }
        try (Follower<String> follower = follow(end)) {
            assertThat(follower.next(Duration.ofSeconds(1))).isNull();
            assertThat(follower.isAtEnd()).isTrue();
        }
    }

    @Test
    void costsOneReadForEachChangeHoweverManyFollow() throws Exception {
        AtomicInteger renderings = new AtomicInteger();
        List<Follower<String>> all = new ArrayList<>();
        for (int i = 0; i < FOLLOWERS; i++) {
            all.add(followers.follow(id, null, event -> {
                renderings.incrementAndGet();
                return event.body();
            }));
        }
        long before = selects();
        dig(20);
        for (Follower<String> follower : all) {
            assertThat(read(follower, 21)).endsWith("BEGUN 20");
        }
        long statements = selects() - before;

        // Two reads a change at most: the news, and that there are no more.
        assertThat(statements).isBetween(1L, 2 * 20 + 2L);
        assertThat(renderings).hasValueLessThanOrEqualTo(22);
        all.forEach(Follower::close);
    }

    @Test
    void costsNothingWhileNothingChanges() throws Exception {
        List<Follower<String>> all = new ArrayList<>();
        for (int i = 0; i < FOLLOWERS; i++) {
            all.add(follow(null));
        }
        for (Follower<String> follower : all) {
            read(follower, 1);
        }
        long before = selects();
        assertThat(all.getFirst().next(Duration.ofSeconds(3))).isNull();

        assertThat(selects() - before).isZero();
        all.forEach(Follower::close);
    }

    /// Proves that nobody waits at a topic whose thread ended with an error: who comes back goes on without a gap.
    @Test
    void letsFollowersGoWhenItsThreadEndsWithAnError() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        long last;
        try (Follower<String> follower = followers.follow(id, null, event -> {
            if (broken.get()) {
                throw new NoClassDefFoundError("some/Missing");
            }
            return event.body();
        })) {
            last = next(follower).revision();
            broken.set(true);
            dig(1);

            assertThat(follower.next(PATIENCE)).isNull();
            assertThat(follower.isAtEnd()).isTrue();
        }
        try (Follower<String> resumed = follow(last)) {
            assertThat(read(resumed, 1)).containsExactly("BEGUN 1");
        }
    }

    @Test
    void keepsNothingOfOneThatCouldNotBegin() {
        assertThatThrownBy(() -> followers.follow(id, null, _ -> {
                    throw new IllegalStateException("cannot be rendered");
                }))
                .hasMessageContaining("cannot be rendered");
        assertThatThrownBy(() -> followers.follow("never-queued", null, JobEvent::body))
                .isNotNull();

        assertThat(followers.isFollowed(id)).isFalse();
        assertThat(followers.isFollowed("never-queued")).isFalse();
    }

    /// Returns how often the news were looked up.
    private static long selects() throws SQLException {
        return SentStatements.selects("durable_job_event");
    }

    private Follower<String> follow(Long lastRevision) {
        return followers.follow(id, lastRevision, JobEvent::body);
    }

    private void dig(int times) {
        for (int i = 0; i < times; i++) {
            attempt.advance(session -> Ditches.dig(session, id));
        }
    }

    private static List<String> read(Follower<String> follower, int events) throws InterruptedException {
        List<String> read = new ArrayList<>();
        while (read.size() < events) {
            read.add(next(follower).event());
        }
        return read;
    }

    private static Follower.Rendered<String> next(Follower<String> follower) throws InterruptedException {
        Follower.Rendered<String> event = follower.next(PATIENCE);
        assertThat(event).isNotNull();
        return event;
    }
}

package dev.graft.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.sql.DeletionBound;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What nobody needs any more goes however much there is of it, and a bounded number of rows at a time.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class JobHousekeepingIT {
    private static final int ROWS = 2_500;

    private static final List<DeletionBound> BOUNDS = List.of(
            new DeletionBound("durable_job_event", 1_000),
            new DeletionBound("durable_job", 1_000),
            new DeletionBound("durable_job_turn", 1_000));

    @Inject
    Ditches ditches;

    @Inject
    JobHousekeeping housekeeping;

    @Test
    void forgetsManyRowsInSmallTransactions() {
        String id = ditches.order(Diggers.BY_HAND, "a");
        ditches.run("""
                insert into durable_job_event (job_id, revision, ended, body, at)
                select '%s', n, false, '{}', now() - interval '2 hours'
                from generate_series(1001, 1000 + %d) n""".formatted(id, ROWS));
        ditches.run("""
                insert into durable_job (id, kind, owner, state, finished_at)
                select 'old-' || n, 'by-hand', 'a', 'SUCCEEDED', now() - interval '8 days'
                from generate_series(1, %d) n""".formatted(ROWS));
        ditches.run("""
                insert into durable_job_turn (kind, owner, taken)
                select 'by-hand', 'owner-' || n, now() - interval '2 days'
                from generate_series(1, %d) n""".formatted(ROWS));
        BOUNDS.forEach(bound -> bound.imposed().forEach(ditches::run));

        try {
            housekeeping.sweep(Duration.ofHours(1), Duration.ofDays(7));
        } finally {
            BOUNDS.forEach(bound -> bound.lifted().forEach(ditches::run));
        }

        assertThat(ditches.count(
                        "select count(*) from durable_job_event where revision > 1000 and job_id = '" + id + "'"))
                .as("the last one")
                .isOne();
        assertThat(ditches.count("select count(*) from durable_job where id like 'old-%'"))
                .isZero();
        assertThat(ditches.count("select count(*) from durable_job_turn where owner like 'owner-%'"))
                .isZero();
    }
}

package dev.graft.ingest.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.messaging.Transactions;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.sql.DeletionBound;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class HousekeepingIT {
    private static final DeletionBound BOUND = new DeletionBound("idempotency", 1_000);

    @Inject
    Housekeeping housekeeping;

    @Inject
    Transactions transactions;

    @Test
    void forgetsManyAnswersInSmallTransactions() {
        execute("""
                insert into idempotency (operation, key, fingerprint, status, body, created_at)
                select 'housekeeping', 'old-' || n, 'none', 200, '{}', now() - interval '2 days'
                from generate_series(1, 2500) n""");
        BOUND.imposed().forEach(this::execute);

        try {
            housekeeping.sweep();
        } finally {
            BOUND.lifted().forEach(this::execute);
        }

        assertThat(transactions.<Long>call(session -> session.createNativeQuery(
                                "select count(*) from idempotency where operation = 'housekeeping'", Long.class)
                        .getSingleResult()))
                .isZero();
    }

    private void execute(String sql) {
        transactions.call(session -> session.createNativeQuery(sql).executeUpdate());
    }
}

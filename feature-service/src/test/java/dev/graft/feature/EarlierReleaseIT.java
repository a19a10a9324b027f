package dev.graft.feature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.feature.extractor.Extractors;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/// Sends the statements of the release before, as its replicas do until a rollout has replaced them.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@TestProfile(ClaimIT.WithoutWorker.class)
class EarlierReleaseIT {
    @Inject
    Extractors extractors;

    @Inject
    DataSource database;

    private final UUID id = UUID.randomUUID();

    @Test
    void takesTurns() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = begun(connection)) {
            String insert = "insert into picture_turn (source) values ('%s') on conflict do nothing".formatted(id);
            assertThat(statement.executeUpdate(insert)).isOne();
            assertThat(statement.executeUpdate(insert)).isZero();
            assertThat(count(statement, "select count(*) from image_turn where source = '%s' and taken = '-infinity'"))
                    .isOne();
            assertThat(statement.executeUpdate(
                            "update picture_turn set taken = clock_timestamp() where source = '%s'".formatted(id)))
                    .isOne();
            assertThat(count(
                            statement, "select count(*) from picture_turn where source = '%s' and taken > '-infinity'"))
                    .isOne();
            assertThat(statement.executeUpdate("delete from picture_turn where source = '%s'".formatted(id)))
                    .isOne();
            connection.rollback();
        }
    }

    @Test
    void countsTheImagesOfASegment() throws SQLException {
        int extractorId = extractors
                .resolve(new ExtractorChoice(null, null, null, Precision.F32))
                .id();
        try (Connection connection = database.getConnection();
                Statement statement = begun(connection)) {
            statement.execute("""
                    insert into segment (id, extractor_id, object_key, pictures)
                    values ('%1$s', %2$d, 'earlier/%1$s', 7)""".formatted(id, extractorId));
            assertThat(count(statement, "select images from segment where id = '%s'"))
                    .isEqualTo(7);
            connection.rollback();
        }
    }

    private static Statement begun(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        Statement statement = connection.createStatement();
        statement.execute("set local search_path = feature");
        return statement;
    }

    private long count(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql.formatted(id))) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }
}

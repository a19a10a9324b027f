package dev.graft.cli.drill;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// Reads how runs stand from the rows of the trainer service, which can be asked while it is dead, and
/// which say what its answers do not: how often a run was taken up.
record RunRows(Connection database) {
    private static final String ROW = """
            select j.state, j.token, j.attempts, j.revision, r.state, r.done, r.total
            from trainer.durable_job j join trainer.training_run r on r.id = j.id where j.id = ?""";

    /// Reads how a run stands.
    RunRow of(String run) throws SQLException {
        try (PreparedStatement statement = database.prepareStatement(ROW)) {
            statement.setString(1, run);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("a run that was accepted has rows");
                }
                return new RunRow(
                        row.getString(1),
                        row.getLong(2),
                        row.getInt(3),
                        row.getLong(4),
                        row.getString(5),
                        row.getLong(6),
                        row.getLong(7));
            }
        }
    }
}

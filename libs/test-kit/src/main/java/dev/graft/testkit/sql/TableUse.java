package dev.graft.testkit.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// What the database of the test backends has counted of one table so far. It counts what a connection did some seconds
/// late, and all of that at once: when a deletion is seen, so is what was read for it.
///
/// @param scans   how often the table was read from its beginning
/// @param read    how many rows these scans found, and how many entries of its indexes were read
/// @param deleted how many rows were deleted
public record TableUse(long scans, long read, long deleted) {
    private static final String COUNTED = """
            select t.seq_scan, t.n_tup_del, t.seq_tup_read + (
                select coalesce(sum(i.idx_tup_read), 0) from pg_stat_user_indexes i where i.relid = t.relid)
            from pg_stat_user_tables t where t.schemaname = ? and t.relname = ?""";

    /// Reads the counts of a table.
    public static TableUse of(String schema, String table) throws SQLException {
        try (Connection connection = SentStatements.connect(schema);
                PreparedStatement counted = connection.prepareStatement(COUNTED)) {
            counted.setString(1, schema);
            counted.setString(2, table);
            try (ResultSet counts = counted.executeQuery()) {
                if (!counts.next()) {
                    throw new IllegalArgumentException("there is no table " + schema + "." + table);
                }
                return new TableUse(counts.getLong(1), counts.getLong(3), counts.getLong(2));
            }
        }
    }

    /// Gives what was counted since.
    public TableUse since(TableUse before) {
        return new TableUse(scans - before.scans, read - before.read, deleted - before.deleted);
    }
}

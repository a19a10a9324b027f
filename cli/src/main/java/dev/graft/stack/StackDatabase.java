package dev.graft.stack;

import dev.graft.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/// Finds the database of a running stack from another process.
public final class StackDatabase {
    private StackDatabase() {}

    /// Connects as the services do, but without a bound for the time of a statement.
    ///
    /// @throws IOException  when the password cannot be read
    /// @throws SQLException when the database does not answer
    public static Connection connect(DataDirectory data, StackPorts ports) throws IOException, SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + ports.database() + "/" + EmbeddedDatabase.NAME,
                EmbeddedDatabase.USER,
                Credentials.of(data).databasePassword());
    }
}

package dev.graft.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Runs PostgreSQL as a child of this process, with one database `graft`.
///
/// The server outlives a parent that is killed; the next start on the same directory ends it first. It trusts every
/// client of the loopback address, where alone it listens.
public final class EmbeddedDatabase implements AutoCloseable {
    /// The only user; it needs no password.
    public static final String USER = "postgres";

    private static final String NAME = "graft";
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final EmbeddedPostgres postgres;
    private final PostgresCluster cluster;
    private final DirectoryLock lock;

    private EmbeddedDatabase(EmbeddedPostgres postgres, PostgresCluster cluster, DirectoryLock lock) {
        this.postgres = postgres;
        this.cluster = cluster;
        this.lock = lock;
    }

    /// Starts the server and returns once it serves.
    ///
    /// @param directory where its data are or will be
    /// @param port      to listen on; 0 for any free one
    /// @param log       takes what the server prints; absent: nothing keeps it
    /// @param durability whether a commit waits for the disk
    /// @throws EmbeddedServerException when it cannot start
    public static EmbeddedDatabase start(Path directory, int port, @Nullable Path log, Durability durability) {
        DirectoryLock lock = null;
        EmbeddedPostgres postgres = null;
        boolean started = false;
        try {
            Files.createDirectories(directory);
            lock = DirectoryLock.take(directory);
            PostgresCluster cluster = new PostgresCluster(directory);
            cluster.endOrphan();
            cluster.endOrphanedInitialisation();
            cluster.discardUnlessComplete();
            postgres = launch(cluster.data(), FreePort.orAny(port), log, durability);
            createDatabase(postgres);
            cluster.markComplete();
            started = true;
            return new EmbeddedDatabase(postgres, cluster, lock);
        } catch (IOException | SQLException | RuntimeException e) {
            throw new EmbeddedServerException("PostgreSQL", directory, e);
        } finally {
            if (!started) {
                closeQuietly(postgres);
                closeQuietly(lock);
            }
        }
    }

    /// Ends what a killed process left running on `directory`.
    ///
    /// @return whether the directory once had a server and has none now; `false` when one is in use by a living
    ///     process
    /// @throws EmbeddedServerException when the server does not end
    public static boolean endOrphan(Path directory) {
        if (!DirectoryLock.wasTaken(directory)) {
            return false;
        }
        try (DirectoryLock lock = DirectoryLock.take(directory)) {
            PostgresCluster cluster = new PostgresCluster(directory);
            cluster.endOrphan();
            cluster.endOrphanedInitialisation();
            return true;
        } catch (DirectoryLock.HeldException e) {
            return false;
        } catch (IOException e) {
            throw new EmbeddedServerException("PostgreSQL in " + directory, e);
        }
    }

    private static EmbeddedPostgres launch(Path data, int port, @Nullable Path log, Durability durability)
            throws IOException {
        ProcessBuilder.Redirect output =
                log == null ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.appendTo(log.toFile());
        String safe = durability == Durability.FULL ? "on" : "off";
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(START_TIMEOUT)
                .setOutputRedirector(output)
                .setErrorRedirector(output)
                .setLocaleConfig("locale", "C.UTF-8")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("fsync", safe)
                .setServerConfig("synchronous_commit", safe)
                .setServerConfig("full_page_writes", safe)
                .setServerConfig("max_connections", "200")
                .start();
    }

    /// Lets go of what a failed start holds; the failure itself is already on its way to the caller.
    @SuppressWarnings("EmptyCatch")
    private static void closeQuietly(@Nullable AutoCloseable held) {
        if (held != null) {
            try {
                held.close();
            } catch (Exception e) {
                // Nothing to add to the failure that made us come here.
            }
        }
    }

    private static void createDatabase(EmbeddedPostgres postgres) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet found =
                    statement.executeQuery("select 1 from pg_database where datname = '%s'".formatted(NAME))) {
                if (found.next()) {
                    return;
                }
            }
            statement.execute("create database " + NAME);
        }
    }

    /// Gives the port on which it listens.
    public int port() {
        return postgres.getPort();
    }

    /// Gives the JDBC URL of the database, without a user.
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + NAME;
    }

    /// Gives the URL of the database for the Vert.x client, without a user.
    public String reactiveUrl() {
        return "postgresql://127.0.0.1:" + port() + "/" + NAME;
    }

    /// Stops the server in PostgreSQL's fast mode: connections are cut, what was committed is kept.
    @Override
    public void close() {
        try (lock) {
            stop();
        } catch (IOException e) {
            throw new EmbeddedServerException("PostgreSQL", e);
        }
    }

    private void stop() throws IOException {
        try {
            postgres.close();
        } catch (LinkageError e) {
            // A class loader may be closed before the JVM ends; the server must go all the same.
            cluster.endOrphan();
        }
    }
}

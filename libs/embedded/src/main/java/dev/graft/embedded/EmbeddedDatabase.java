package dev.graft.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs PostgreSQL as a child of this process, with one database `graft` and one role `graft` that owns it.
///
/// The server outlives a parent that is killed; the next start on the same directory ends it first. It listens on the
/// loopback address only, has no Unix socket, and asks every client for a password. The role is no superuser, so that
/// a process that learns its password can read the database and cannot run programs.
public final class EmbeddedDatabase implements AutoCloseable {
    /// The role of the services.
    public static final String USER = "graft";

    /// The database of the services.
    public static final String NAME = "graft";

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private static final Map<String, String> OBSERVED = Map.of("shared_preload_libraries", "pg_stat_statements");

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
    /// @param password  of [#USER], from now on
    /// @param log       takes what the server prints; absent: nothing keeps it
    /// @param durability whether a commit waits for the disk
    /// @throws EmbeddedServerException when it cannot start
    public static EmbeddedDatabase start(
            Path directory, int port, String password, @Nullable Path log, Durability durability) {
        return start(directory, port, password, log, durability, Map.of());
    }

    /// Starts a server for tests, which keeps the text of each statement that is sent: [#USER] reads it in
    /// `pg_stat_statements` and begins again by `pg_stat_statements_reset()`. Nothing keeps what the server
    /// prints.
    ///
    /// @param directory where its data are or will be
    /// @param port      to listen on; 0 for any free one
    /// @param password  of [#USER], from now on
    /// @param durability whether a commit waits for the disk
    /// @throws EmbeddedServerException when it cannot start
    public static EmbeddedDatabase startObserved(Path directory, int port, String password, Durability durability) {
        EmbeddedDatabase database = start(directory, port, password, null, durability, OBSERVED);
        try {
            database.observe();
            return database;
        } catch (SQLException e) {
            database.close();
            throw new EmbeddedServerException("PostgreSQL", directory, e);
        }
    }

    private void observe() throws SQLException {
        try (Connection connection =
                        postgres.getDatabase(PostgresAccess.SUPERUSER, NAME).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create extension if not exists pg_stat_statements");
            statement.execute("grant execute on function pg_stat_statements_reset to " + USER);
        }
    }

    /// @param settings of the server beyond its usual ones
    private static EmbeddedDatabase start(
            Path directory,
            int port,
            String password,
            @Nullable Path log,
            Durability durability,
            Map<String, String> settings) {
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
            PostgresAccess access = PostgresAccess.of(directory);
            if (cluster.exists() && !access.isGuarded()) {
                introducePasswords(cluster, access, log, durability);
            }
            postgres = launch(cluster, access, FreePort.orAny(port), log, durability, settings, access::guard);
            createDatabase(postgres, password);
            cluster.markComplete();
            access.markGuarded();
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

    /// Gives the superuser of a directory of an earlier version, which trusted everybody, its password. For this moment
    /// the server listens on a port that nobody knows.
    private static void introducePasswords(
            PostgresCluster cluster, PostgresAccess access, @Nullable Path log, Durability durability)
            throws IOException, SQLException {
        try (EmbeddedPostgres trusting =
                        launch(cluster, access, FreePort.any(), log, durability, Map.of(), access::unguard);
                Connection connection = trusting.getPostgresDatabase().getConnection()) {
            access.setPassword(connection);
        }
        access.markGuarded();
    }

    /// Says who may connect, between initialisation and start.
    @FunctionalInterface
    private interface Rules {
        void writeTo(Path data) throws IOException;
    }

    private static EmbeddedPostgres launch(
            PostgresCluster cluster,
            PostgresAccess access,
            int port,
            @Nullable Path log,
            Durability durability,
            Map<String, String> settings,
            Rules rules)
            throws IOException {
        ProcessBuilder.Redirect output =
                log == null ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.appendTo(log.toFile());
        String safe = durability == Durability.FULL ? "on" : "off";
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
        settings.forEach(builder::setServerConfig);
        return builder.setDataDirectory(cluster.data())
                .setDataDirectoryCustomizer(data -> {
                    try {
                        rules.writeTo(data.toPath());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                // Options of initdb, which trusts every user by default.
                .setLocaleConfig("auth-host", "scram-sha-256")
                .setLocaleConfig("auth-local", "scram-sha-256")
                .setLocaleConfig("pwfile", access.passwordFile().toString())
                .setConnectConfig("password", access.password())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(START_TIMEOUT)
                .setOutputRedirector(output)
                .setErrorRedirector(output)
                .setLocaleConfig("locale", "C.UTF-8")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("password_encryption", "scram-sha-256")
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

    private static void createDatabase(EmbeddedPostgres postgres, String password) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
            PostgresAccess.ensureRole(connection, USER, password);
            try (Statement statement = connection.createStatement()) {
                try (ResultSet found =
                        statement.executeQuery("select 1 from pg_database where datname = '%s'".formatted(NAME))) {
                    if (!found.next()) {
                        statement.execute("create database " + NAME);
                    }
                }
                statement.execute("alter database %s owner to %s".formatted(NAME, USER));
            }
        }
        try (Connection connection =
                postgres.getDatabase(PostgresAccess.SUPERUSER, NAME).getConnection()) {
            PostgresAccess.ensureOwnership(connection, USER);
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

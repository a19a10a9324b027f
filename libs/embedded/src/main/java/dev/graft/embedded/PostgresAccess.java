package dev.graft.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;

/// Decides who may connect to a PostgreSQL server: the superuser, whose password is in a file that only the owner of
/// the directory may read, and one role that owns the database and is no superuser.
///
/// A superuser can run programs as the owner of the server (`COPY … FROM PROGRAM`), so that without passwords every
/// user of the machine could.
final class PostgresAccess {
    static final String SUPERUSER = "postgres";

    private static final int PASSWORD_BYTES = 24;

    /// Nobody connects without a password, by whichever way.
    private static final String GUARDED = "host all all all scram-sha-256\n";

    /// For the one start in which the superuser of a directory of an earlier version gets its password.
    private static final String UNGUARDED = "host all " + SUPERUSER + " 127.0.0.1/32 trust\n";

    private final Path passwordFile;
    private final Path guardedMarker;
    private final String password;

    private PostgresAccess(Path passwordFile, Path guardedMarker, String password) {
        this.passwordFile = passwordFile;
        this.guardedMarker = guardedMarker;
        this.password = password;
    }

    /// Reads the superuser's password from the directory, or draws one and keeps it there.
    static PostgresAccess of(Path directory) throws IOException {
        Path file = directory.toAbsolutePath().resolve("superuser-password");
        if (!Files.exists(file)) {
            byte[] bytes = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(bytes);
            Path fresh = Files.createTempFile(
                    directory,
                    "superuser-password",
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, HexFormat.of().formatHex(bytes));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
        String password = Files.readString(file).strip();
        return new PostgresAccess(file, directory.resolve("guarded"), password);
    }

    /// Gives the superuser's password.
    String password() {
        return password;
    }

    /// Gives the file of the superuser's password, as `initdb --pwfile` reads it.
    Path passwordFile() {
        return passwordFile;
    }

    /// Returns whether the superuser of a cluster already has the password.
    boolean isGuarded() {
        return Files.exists(guardedMarker);
    }

    /// Remembers that the superuser has the password.
    void markGuarded() throws IOException {
        if (!isGuarded()) {
            Files.createFile(guardedMarker);
        }
    }

    /// Has the next start ask everybody for a password, whatever the cluster asked for before.
    void guard(Path data) throws IOException {
        write(data, GUARDED);
    }

    /// Has the next start trust the superuser, until [#setPassword].
    void unguard(Path data) throws IOException {
        write(data, UNGUARDED);
    }

    private static void write(Path data, String rules) throws IOException {
        Files.writeString(data.resolve("pg_hba.conf"), rules, StandardCharsets.US_ASCII);
    }

    /// Gives the superuser its password.
    void setPassword(Connection superuser) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            statement.execute("alter role %s password '%s'".formatted(SUPERUSER, password));
        }
    }

    /// Sees to it that the role exists, has the password and no power beyond its database.
    static void ensureRole(Connection superuser, String role, String rolePassword) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            statement.execute("""
                do $$ begin
                    if not exists (select from pg_roles where rolname = '%1$s') then
                        create role %1$s;
                    end if;
                end $$""".formatted(role));
            statement.execute("alter role %s login nosuperuser nocreatedb nocreaterole noreplication password %s"
                    .formatted(role, statement.enquoteLiteral(rolePassword)));
        }
    }

    /// Gives the role everything that users keep in the database, which in directories of earlier versions belongs to
    /// the superuser. What belongs to a table, such as the sequence of an identity column, follows it.
    static void ensureOwnership(Connection superuser, String role) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            statement.execute("""
                do $$
                declare thing record;
                begin
                    for thing in select nspname from pg_namespace
                        where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')
                            and nspowner <> '%1$s'::regrole
                    loop
                        execute format('alter schema %%I owner to %1$s', thing.nspname);
                    end loop;
                    for thing in select oid::regclass as name from pg_class as c
                        where relkind in ('r', 'p', 'v', 'm', 'S') and relowner <> '%1$s'::regrole
                            and relnamespace::regnamespace::text !~ '^(pg_|information_schema$)'
                            and not exists (select from pg_depend where classid = 'pg_class'::regclass
                                and objid = c.oid and deptype in ('a', 'i') and refclassid = 'pg_class'::regclass)
                    loop
                        execute format('alter table %%s owner to %1$s', thing.name);
                    end loop;
                    for thing in select oid::regprocedure as name from pg_proc
                        where proowner <> '%1$s'::regrole
                            and pronamespace::regnamespace::text !~ '^(pg_|information_schema$)'
                    loop
                        execute format('alter routine %%s owner to %1$s', thing.name);
                    end loop;
                    for thing in select t.oid::regtype as name from pg_type as t
                        where t.typtype in ('e', 'd') and t.typowner <> '%1$s'::regrole
                            and t.typnamespace::regnamespace::text !~ '^(pg_|information_schema$)'
                    loop
                        execute format('alter type %%s owner to %1$s', thing.name);
                    end loop;
                end $$""".formatted(role));
        }
    }
}

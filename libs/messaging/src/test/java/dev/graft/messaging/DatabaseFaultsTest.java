package dev.graft.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.sql.SQLException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.hibernate.exception.GenericJDBCException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DatabaseFaultsTest {

    static Stream<Throwable> away() {
        return Stream.of(
                new ConnectException("refused"),
                new CompletionException(ClosedConnectionException.INSTANCE),
                new VertxException("Timeout waiting for connection", true),
                hibernate("57P01"),
                hibernate("57P03"),
                hibernate("53300"),
                hibernate("08006"));
    }

    static Stream<Throwable> notAway() {
        return Stream.of(
                hibernate("23505"),
                hibernate("22001"),
                hibernate("57014"),
                new TimeoutException("a transaction of a minute"),
                new IllegalStateException("Timeout"),
                new NullPointerException(),
                new UncheckedIOException(new IOException("no JSON")));
    }

    private static Throwable hibernate(String state) {
        return new CompletionException(
                new GenericJDBCException("error executing SQL statement", new SQLException("it says so", state)));
    }

    @ParameterizedTest
    @MethodSource("away")
    void knowsThatTheDatabaseIsAway(Throwable fault) {
        assertThat(DatabaseFaults.isAway(fault)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("notAway")
    void doesNotBlameTheDatabaseForTheFaultsOfAStatement(Throwable fault) {
        assertThat(DatabaseFaults.isAway(fault)).isFalse();
    }

    /// Proves that work whose length alone ended it is not waited for without an end.
    @ParameterizedTest
    @MethodSource("deadlines")
    void doesNotWaitForWorkThatTakesTooLong(Throwable fault) {
        DatabaseAwayException reported = new DatabaseAwayException("too long", fault);

        assertThat(DatabaseFaults.isDeadline(fault)).isTrue();
        assertThat(reported.isByStatementDeadline()).isTrue();
        assertThat(DatabaseFaults.isPassing(new CompletionException(reported))).isFalse();
        assertThat(new DatabaseFaults().explain(reported)).contains("too long");
    }

    static Stream<Throwable> deadlines() {
        return Stream.of(hibernate("57014"), database("57014"), new TimeoutException("a transaction of a minute"));
    }

    @Test
    void waitsForADatabaseThatDoesNotAnswer() {
        DatabaseAwayException away = new DatabaseAwayException("it does not answer", hibernate("57P01"));

        assertThat(away.isByStatementDeadline()).isFalse();
        assertThat(DatabaseFaults.isPassing(new CompletionException(away))).isTrue();
    }

    @Test
    void explainsNothingButItsOwn() {
        assertThat(new DatabaseFaults().explain(new DatabaseAwayException("it does not answer", null)))
                .contains("database");
        assertThat(new DatabaseFaults().explain(new IllegalStateException())).isNull();
    }

    @Test
    void waitsForTheDatabaseAndForTransactionsThatMayBeTriedAgain() {
        assertThat(DatabaseFaults.isPassing(new CompletionException(database("57P01"))))
                .isTrue();
        assertThat(DatabaseFaults.isPassing(database("40001"))).isTrue();
        assertThat(DatabaseFaults.isPassing(database("53300"))).isTrue();
        assertThat(DatabaseFaults.isPassing(database("25006"))).isTrue();
        assertThat(DatabaseFaults.isPassing(new CompletionException(new VertxException("Connection was closed"))))
                .isTrue();
    }

    @Test
    void doesNotWaitForAStatementThatFailsTheSameWayAgain() {
        assertThat(DatabaseFaults.isPassing(new CompletionException(database("23505"))))
                .isFalse();
        assertThat(DatabaseFaults.isPassing(database("22001"))).isFalse();
        assertThat(DatabaseFaults.isPassing(database("54000"))).isFalse();
        assertThat(DatabaseFaults.isPassing(new PgException("refused", "ERROR", null, null)))
                .isFalse();
        assertThat(DatabaseFaults.isPassing(new NullPointerException())).isFalse();
    }

    private static PgException database(String sqlState) {
        return new PgException("refused", "ERROR", sqlState, null);
    }
}

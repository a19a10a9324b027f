package dev.graft.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that each server serves, and keeps what it was given when it is started again on the same directory.
class EmbeddedServersTest {
    @TempDir
    Path directory;

    @Test
    void brokerKeepsRecordsAcrossRestarts() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0, Durability.FULL)) {
            broker.createTopics(List.of(new NewTopic("facts", 1, (short) 1)));
            try (var producer = new KafkaProducer<String, String>(
                    Map.of("bootstrap.servers", broker.bootstrapServers()),
                    new StringSerializer(),
                    new StringSerializer())) {
                producer.send(new ProducerRecord<>("facts", "key", "value")).get();
            }
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0, Durability.FULL)) {
            broker.createTopics(List.of(new NewTopic("facts", 1, (short) 1)));
            Map<String, Object> settings = Map.of(
                    "bootstrap.servers",
                    broker.bootstrapServers(),
                    "group.id",
                    "readers",
                    "auto.offset.reset",
                    "earliest");
            try (var consumer =
                    new KafkaConsumer<String, String>(settings, new StringDeserializer(), new StringDeserializer())) {
                consumer.subscribe(List.of("facts"));
                var records = consumer.poll(Duration.ofSeconds(30));
                assertThat(records)
                        .singleElement()
                        .satisfies(record -> assertThat(record.value()).isEqualTo("value"));
            }
        }
    }

    @Test
    void databaseIsDurableAndKeepsRowsAcrossRestarts() throws SQLException {
        try (EmbeddedDatabase database =
                EmbeddedDatabase.start(directory, 0, VictimProcess.PASSWORD, null, Durability.FULL)) {
            assertThat(query(database, "show fsync")).isEqualTo("on");
            assertThat(query(database, "show synchronous_commit")).isEqualTo("on");
            query(database, "create table fact (id int); insert into fact values (7)");
        }
        try (EmbeddedDatabase database =
                EmbeddedDatabase.start(directory, 0, VictimProcess.PASSWORD, null, Durability.FULL)) {
            assertThat(query(database, "select id from fact")).isEqualTo("7");
        }
    }

    @Test
    void databaseStartsOverWhenItsInitialisationWasInterrupted() throws Exception {
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("data/postgresql.conf"), "half", UTF_8);
        try (EmbeddedDatabase database =
                EmbeddedDatabase.start(directory, 0, VictimProcess.PASSWORD, null, Durability.PROCESS)) {
            assertThat(query(database, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void databaseKeepsTheTextsOfStatementsWhenItIsObserved() throws Exception {
        try (EmbeddedDatabase database =
                EmbeddedDatabase.startObserved(directory, 0, VictimProcess.PASSWORD, Durability.PROCESS)) {
            query(database, "create table fact (id int); insert into fact values (7)");
            query(database, "select cast(pg_stat_statements_reset() as text)");
            query(database, "select id from fact where id < 8");
            assertThat(query(database, "select query from pg_stat_statements where query like 'select id%'"))
                    .isEqualTo("select id from fact where id < $1");
        }
    }

    @Test
    void databaseRefusesADirectoryThatIsInUse() {
        try (EmbeddedDatabase first =
                EmbeddedDatabase.start(directory, 0, VictimProcess.PASSWORD, null, Durability.PROCESS)) {
            assertThatExceptionOfType(EmbeddedServerException.class)
                    .isThrownBy(() ->
                            EmbeddedDatabase.start(directory, 0, VictimProcess.PASSWORD, null, Durability.PROCESS))
                    .withMessageContaining("already uses the directory");
            assertThat(first.port()).isPositive();
        }
    }

    @Test
    void databaseStartsAlthoughAnUnrelatedProcessHasTheIdOfItsPredecessor() throws Exception {
        try (EmbeddedDatabase database =
                EmbeddedDatabase.start(directory, 0, VictimProcess.PASSWORD, null, Durability.PROCESS)) {
            query(database, "create table fact (id int); insert into fact values (7)");
        }
        Path data = directory.resolve("data").toAbsolutePath();
        Files.writeString(
                data.resolve("postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + data + "\n1\n5432\n\n127.0.0.1\n",
                UTF_8);
        try (EmbeddedDatabase database =
                EmbeddedDatabase.start(directory, 0, VictimProcess.PASSWORD, null, Durability.PROCESS)) {
            assertThat(query(database, "select id from fact")).isEqualTo("7");
        }
    }

    @Test
    void databaseAsksEverybodyForAPassword() throws Exception {
        try (EmbeddedDatabase database =
                EmbeddedDatabase.start(directory, 0, VictimProcess.PASSWORD, null, Durability.PROCESS)) {
            assertNobodyIsTrusted(database);
            assertThat(Files.getPosixFilePermissions(directory.resolve("superuser-password")))
                    .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        }
    }

    @Test
    void roleOfTheServicesCannotRunPrograms() {
        try (EmbeddedDatabase database =
                EmbeddedDatabase.start(directory, 0, VictimProcess.PASSWORD, null, Durability.PROCESS)) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> query(database, "create table spy (line text); copy spy from program 'id'"))
                    .withMessageContaining("permission denied to COPY to or from an external program");
        }
    }

    @Test
    void takesADirectoryOfAnEarlierVersionThatTrustedEverybody() throws Exception {
        makeTrustingDirectory();
        for (int start = 1; start <= 2; start++) {
            try (EmbeddedDatabase database =
                    EmbeddedDatabase.start(directory, 0, VictimProcess.PASSWORD, null, Durability.PROCESS)) {
                assertNobodyIsTrusted(database);
                assertThat(query(database, "insert into old.fact (name) values ('new') returning id"))
                        .isEqualTo(Integer.toString(start + 1));
                query(database, "alter table old.fact add column more" + start + " int");
                query(database, "drop view old.facts; create view old.facts as select * from old.fact");
                query(database, "create schema fresh" + start);
            }
        }
    }

    /// As the versions did that knew no passwords.
    private void makeTrustingDirectory() throws Exception {
        try (EmbeddedPostgres trusting = EmbeddedPostgres.builder()
                        .setDataDirectory(directory.resolve("data"))
                        .setCleanDataDirectory(false)
                        .setLocaleConfig("locale", "C.UTF-8")
                        .setServerConfig("listen_addresses", "127.0.0.1")
                        .start();
                Connection connection = trusting.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database graft");
            try (Connection inside = trusting.getDatabase("postgres", "graft").getConnection();
                    Statement make = inside.createStatement()) {
                make.execute("create schema old");
                make.execute("create table old.fact (id int generated always as identity primary key, name text)");
                make.execute("create view old.facts as select id from old.fact");
                make.execute("insert into old.fact (name) values ('kept')");
            }
        }
        Files.createFile(directory.resolve("complete"));
    }

    private static void assertNobodyIsTrusted(EmbeddedDatabase database) {
        for (String user : List.of("postgres", EmbeddedDatabase.USER)) {
            for (String password : List.of("", user, "trusted")) {
                assertThatExceptionOfType(SQLException.class)
                        .as(user)
                        .isThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), user, password)
                                .close());
            }
        }
    }

    @Test
    void objectStoreRefusesStrangersEvenItsListings() throws Exception {
        try (EmbeddedObjectStore store =
                EmbeddedObjectStore.start(directory, 0, "access", "secret", "bucket", Durability.FULL)) {
            for (String path : List.of("/", "/bucket")) {
                var connection = (HttpURLConnection)
                        store.endpoint().resolve(path).toURL().openConnection();
                assertThat(connection.getResponseCode()).as(path).isEqualTo(HttpURLConnection.HTTP_FORBIDDEN);
            }
        }
    }

    private static String query(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), EmbeddedDatabase.USER, VictimProcess.PASSWORD);
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet rows = statement.getResultSet()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }
}

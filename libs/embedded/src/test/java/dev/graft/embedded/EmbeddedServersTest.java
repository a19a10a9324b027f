package dev.graft.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
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
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory, 0, null, Durability.FULL)) {
            assertThat(query(database, "show fsync")).isEqualTo("on");
            assertThat(query(database, "show synchronous_commit")).isEqualTo("on");
            query(database, "create table fact (id int); insert into fact values (7)");
        }
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory, 0, null, Durability.FULL)) {
            assertThat(query(database, "select id from fact")).isEqualTo("7");
        }
    }

    @Test
    void databaseStartsOverWhenItsInitialisationWasInterrupted() throws Exception {
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("data/postgresql.conf"), "half", UTF_8);
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory, 0, null, Durability.PROCESS)) {
            assertThat(query(database, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void databaseRefusesADirectoryThatIsInUse() {
        try (EmbeddedDatabase first = EmbeddedDatabase.start(directory, 0, null, Durability.PROCESS)) {
            assertThatExceptionOfType(EmbeddedServerException.class)
                    .isThrownBy(() -> EmbeddedDatabase.start(directory, 0, null, Durability.PROCESS))
                    .withMessageContaining("already uses the directory");
            assertThat(first.port()).isPositive();
        }
    }

    @Test
    void databaseStartsAlthoughAnUnrelatedProcessHasTheIdOfItsPredecessor() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory, 0, null, Durability.PROCESS)) {
            query(database, "create table fact (id int); insert into fact values (7)");
        }
        Path data = directory.resolve("data").toAbsolutePath();
        Files.writeString(
                data.resolve("postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + data + "\n1\n5432\n\n127.0.0.1\n",
                UTF_8);
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory, 0, null, Durability.PROCESS)) {
            assertThat(query(database, "select id from fact")).isEqualTo("7");
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
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), EmbeddedDatabase.USER, "");
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

package dev.graft.embedded;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/// A program that runs broker and database and writes one number after another to both until somebody kills it.
///
/// It prints `started` with the milliseconds that each start took, then `written N` when both have confirmed N.
final class VictimProcess {
    static final String PASSWORD = "of the role";

    private VictimProcess() {}

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        int next = Integer.parseInt(args[1]);
        long began = System.nanoTime();
        var brokerStart = CompletableFuture.supplyAsync(
                () -> EmbeddedBroker.start(directory.resolve("broker"), 0, Durability.FULL));
        var databaseStart = CompletableFuture.supplyAsync(
                () -> EmbeddedDatabase.start(directory.resolve("database"), 0, PASSWORD, null, Durability.FULL));
        var storeStart = CompletableFuture.supplyAsync(() -> EmbeddedObjectStore.start(
                directory.resolve("objects"), 0, "access", "secret", "bucket", Durability.FULL));
        EmbeddedBroker broker = brokerStart.get();
        EmbeddedDatabase database = databaseStart.get();
        storeStart.get();
        broker.createTopics(List.of(new NewTopic("numbers", 1, (short) 1)));
        print("started " + (System.nanoTime() - began) / 1_000_000);
        try (var producer = new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer());
                var connection = DriverManager.getConnection(database.jdbcUrl(), EmbeddedDatabase.USER, PASSWORD);
                var statement = connection.createStatement()) {
            statement.execute("create table if not exists number (id int primary key)");
            for (; ; next++) {
                producer.send(new ProducerRecord<>("numbers", Integer.toString(next)))
                        .get();
                statement.execute("insert into number values (%d) on conflict do nothing".formatted(next));
                print("written " + next);
            }
        }
    }

    private static void print(String line) {
        System.out.println(line);
        System.out.flush();
    }
}

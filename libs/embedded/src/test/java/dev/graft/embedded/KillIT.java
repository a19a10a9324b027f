package dev.graft.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills a process that runs the servers, at moments from its first start on, and proves that every start after that
/// succeeds and that nothing confirmed is lost.
class KillIT {

    /// Into the formatting, the initialisation of the database and the start.
    private static final List<Integer> KILLED_AFTER_MILLIS = List.of(700, 1_100, 1_700, 2_500, 4_000);

    private static final List<Integer> KILLED_AFTER_WRITES = List.of(1, 100);
    private static final int LONGEST_LIFE_MILLIS = 120_000;
    private static final String WRITTEN = "written ";

    @TempDir
    Path directory;

    @Test
    void losesNothingConfirmedHoweverOftenItIsKilled() throws Exception {
        int confirmed = 0;
        for (int millis : KILLED_AFTER_MILLIS) {
            confirmed = Math.max(confirmed, live(confirmed + 1, millis, Integer.MAX_VALUE));
        }
        for (int writes : KILLED_AFTER_WRITES) {
            int last = live(confirmed + 1, LONGEST_LIFE_MILLIS, writes);
            assertThat(last).as("writes after a start").isGreaterThan(confirmed);
            confirmed = last;
        }

        try (EmbeddedDatabase database = EmbeddedDatabase.start(
                directory.resolve("database"), 0, VictimProcess.PASSWORD, null, Durability.FULL)) {
            assertThat(rows(database)).contains(upTo(confirmed));
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0, Durability.FULL)) {
            assertThat(records(broker)).contains(upTo(confirmed));
        }
    }

    /// Runs one process until its time or its number of writes is up, kills it, and gives the last number it confirmed.
    private int live(int first, int millis, int writes) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        VictimProcess.class.getName(),
                        directory.toString(),
                        Integer.toString(first))
                .redirectErrorStream(true)
                .start();
        List<String> lines = new CopyOnWriteArrayList<>();
        CountDownLatch enough = new CountDownLatch(1);
        CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> read(process, lines, writes, enough));
        enough.await(millis, TimeUnit.MILLISECONDS);
        boolean alive = process.isAlive();
        process.destroyForcibly().waitFor();
        reading.get(30, TimeUnit.SECONDS);
        assertThat(alive).as("it ended by itself: %s", lines).isTrue();
        return lines.stream()
                .filter(line -> line.startsWith(WRITTEN))
                .mapToInt(line -> Integer.parseInt(line.substring(WRITTEN.length())))
                .max()
                .orElse(0);
    }

    private static void read(Process process, List<String> lines, int writes, CountDownLatch enough) {
        int seen = 0;
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                if (line.startsWith(WRITTEN) && ++seen == writes) {
                    enough.countDown();
                }
            }
        } catch (IOException e) {
            lines.add("output ended: " + e.getMessage());
        }
        enough.countDown();
    }

    private static Set<Integer> rows(EmbeddedDatabase database) throws SQLException {
        Set<Integer> found = new HashSet<>();
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), EmbeddedDatabase.USER, VictimProcess.PASSWORD);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select id from number")) {
            while (rows.next()) {
                found.add(rows.getInt(1));
            }
        }
        return found;
    }

    private static Set<Integer> records(EmbeddedBroker broker) {
        Set<Integer> found = new HashSet<>();
        TopicPartition partition = new TopicPartition("numbers", 0);
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> found.add(Integer.valueOf(record.value())));
            }
        }
        return found;
    }

    private static Integer[] upTo(int last) {
        Integer[] numbers = new Integer[last];
        for (int i = 0; i < last; i++) {
            numbers[i] = i + 1;
        }
        return numbers;
    }
}

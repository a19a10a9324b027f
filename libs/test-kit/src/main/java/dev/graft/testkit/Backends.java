package dev.graft.testkit;

import dev.graft.contracts.Topics;
import dev.graft.embedded.EmbeddedBroker;
import dev.graft.embedded.EmbeddedDatabase;
import dev.graft.embedded.EmbeddedObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;

/// A real broker with every topic, a real database and a real S3 endpoint with a bucket, in a temporary directory.
///
/// Started once and shared by all tests of a JVM; ended with it.
public final class Backends {
    private static final String ACCESS_KEY = "graft-tests";
    private static final String SECRET_KEY = "graft-tests-secret";
    private static final String BUCKET = "graft";
    private static final String REGION = "us-east-1";
    private static final Optional<Integer> PARTITIONS = Optional.of(2);

    private final EmbeddedBroker broker;
    private final EmbeddedDatabase database;
    private final EmbeddedObjectStore objects;

    private Backends(Path directory) {
        broker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
        broker.createTopics(
                Topics.ALL.stream().flatMap(Backends::withDeadLetters).toList());
        database = EmbeddedDatabase.start(directory.resolve("postgres"), 0, null, EmbeddedDatabase.Durability.PROCESS);
        objects = EmbeddedObjectStore.start(directory.resolve("objects"), 0, ACCESS_KEY, SECRET_KEY, BUCKET);
    }

    /// Gives the backends of this JVM, starting them at the first call.
    public static Backends shared() {
        return Holder.SHARED;
    }

    private static final class Holder {
        static final Backends SHARED = start();

        private static Backends start() {
            Thread thread = Thread.currentThread();
            ClassLoader contextLoader = thread.getContextClassLoader();
            // The broker loads parts of itself by the context's loader, which in a test may be the application's.
            thread.setContextClassLoader(Backends.class.getClassLoader());
            try {
                Path directory = Files.createTempDirectory("graft-test-backends");
                Backends backends = new Backends(directory);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> backends.end(directory)));
                return backends;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                thread.setContextClassLoader(contextLoader);
            }
        }
    }

    private static Stream<NewTopic> withDeadLetters(String topic) {
        NewTopic main = new NewTopic(topic, PARTITIONS, Optional.empty());
        if (Topics.isCompacted(topic)) {
            main.configs(Map.of("cleanup.policy", "compact"));
        }
        return Stream.of(main, new NewTopic(Topics.deadLetterOf(topic), Optional.of(1), Optional.empty()));
    }

    private void end(Path directory) {
        objects.close();
        database.close();
        broker.close();
        try (Stream<Path> paths = Files.walk(directory)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Gives what Kafka clients call `bootstrap.servers`.
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /// Gives the database.
    public EmbeddedDatabase database() {
        return database;
    }

    /// Gives the configuration that a service needs to find the backends.
    public Map<String, String> configuration() {
        return Map.ofEntries(
                Map.entry("kafka.bootstrap.servers", bootstrapServers()),
                Map.entry("quarkus.datasource.username", EmbeddedDatabase.USER),
                Map.entry("quarkus.datasource.password", "trusted"),
                Map.entry("quarkus.datasource.jdbc.url", database.jdbcUrl()),
                Map.entry("quarkus.datasource.reactive.url", database.reactiveUrl()),
                Map.entry("graft.object-store.endpoint", objects.endpoint().toString()),
                Map.entry("graft.object-store.access-key", ACCESS_KEY),
                Map.entry("graft.object-store.secret-key", SECRET_KEY),
                Map.entry("graft.object-store.bucket", BUCKET),
                Map.entry("graft.object-store.region", REGION));
    }
}

package dev.graft.testkit;

import dev.graft.contracts.Topics;
import dev.graft.embedded.Durability;
import dev.graft.embedded.EmbeddedBroker;
import dev.graft.embedded.EmbeddedDatabase;
import dev.graft.embedded.EmbeddedObjectStore;
import dev.graft.embedded.EmbeddedServerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;

/// A real broker with every topic, a real database and a real S3 endpoint with a bucket, in a temporary directory.
///
/// Started once and shared by all tests of a JVM; ended with it.
public final class Backends {
    private static final System.Logger LOG = System.getLogger(Backends.class.getName());
    private static final String DIRECTORY_PREFIX = "graft-test-backends";
    private static final String DATABASE = "postgres";
    private static final String PASSWORD = "graft-tests";
    private static final String ACCESS_KEY = "graft-tests";
    private static final String SECRET_KEY = "graft-tests-secret";
    private static final String BUCKET = "graft";
    private static final String REGION = "us-east-1";
    private static final Optional<Integer> PARTITIONS = Optional.of(2);

    private final EmbeddedBroker broker;
    private final EmbeddedDatabase database;
    private final EmbeddedObjectStore objects;

    private Backends(Path directory) {
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<EmbeddedDatabase> starting = thread.submit(
                    () -> EmbeddedDatabase.startObserved(directory.resolve(DATABASE), 0, PASSWORD, Durability.PROCESS));
            broker = EmbeddedBroker.start(directory.resolve("kafka"), 0, Durability.PROCESS);
            createTopics(broker);
            objects = EmbeddedObjectStore.start(
                    directory.resolve("objects"), 0, ACCESS_KEY, SECRET_KEY, BUCKET, Durability.PROCESS);
            database = starting.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the backends start", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the database did not start", e.getCause());
        }
    }

    /// Gives the backends of this JVM, starting them at the first call.
    public static Backends shared() {
        return Holder.SHARED;
    }

    private static final class Holder {
        static final Backends SHARED = start();

        private static Backends start() {
            return withOwnLoader(() -> {
                removeLeftovers();
                Path directory = Files.createTempDirectory(DIRECTORY_PREFIX);
                Backends backends = new Backends(directory);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> backends.end(directory)));
                return backends;
            });
        }
    }

    @FunctionalInterface
    interface Start<T> {
        T start() throws IOException;
    }

    /// Starts something where the broker finds the parts of itself that it loads by the context's loader, which in a
    /// test may be the application's.
    static <T> T withOwnLoader(Start<T> start) {
        Thread thread = Thread.currentThread();
        ClassLoader contextLoader = thread.getContextClassLoader();
        thread.setContextClassLoader(Backends.class.getClassLoader());
        try {
            return start.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            thread.setContextClassLoader(contextLoader);
        }
    }

    static void createTopics(EmbeddedBroker broker) {
        broker.createTopics(
                Topics.ALL.stream().flatMap(Backends::withDeadLetters).toList());
    }

    private static Stream<NewTopic> withDeadLetters(String topic) {
        NewTopic main = new NewTopic(topic, PARTITIONS, Optional.empty());
        if (Topics.isCompacted(topic)) {
            main.configs(Map.of("cleanup.policy", "compact"));
        }
        NewTopic deadLetters = new NewTopic(Topics.deadLetterOf(topic), Optional.of(1), Optional.empty());
        deadLetters.configs(Topics.deadLetterSettings());
        return Stream.of(main, deadLetters);
    }

    /// Ends the servers with the JVM. The class loader that started them may be closed already: what cannot be ended
    /// well then ends with the process, and the next start removes its files.
    private void end(Path directory) {
        boolean clean = ends(database) & ends(broker) & ends(objects);
        if (clean) {
            delete(directory);
        }
    }

    private static boolean ends(AutoCloseable server) {
        try {
            server.close();
            return true;
        } catch (Exception | LinkageError e) {
            return false;
        }
    }

    /// Ends the databases and removes the directories of test JVMs that were killed. Another JVM may be at the
    /// same: what it removes first is no fault.
    private static void removeLeftovers() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(temporary, DIRECTORY_PREFIX + "*")) {
            for (Path directory : directories) {
                removeLeftover(directory);
            }
        }
    }

    private static void removeLeftover(Path directory) {
        try {
            if (EmbeddedDatabase.endOrphan(directory.resolve(DATABASE))) {
                delete(directory);
            }
        } catch (EmbeddedServerException | UncheckedIOException gone) {
            if (Files.exists(directory)) {
                LOG.log(System.Logger.Level.WARNING, "Leftover of a test stays directory=" + directory, gone);
            }
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
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

    /// Gives the port of the S3 endpoint.
    int objectsPort() {
        return objects.endpoint().getPort();
    }

    /// Gives the configuration that a service needs to find the backends.
    public Map<String, String> configuration() {
        return Map.ofEntries(
                Map.entry("kafka.bootstrap.servers", bootstrapServers()),
                Map.entry("quarkus.datasource.username", EmbeddedDatabase.USER),
                Map.entry("quarkus.datasource.password", PASSWORD),
                Map.entry("quarkus.datasource.jdbc.url", database.jdbcUrl()),
                Map.entry("quarkus.datasource.reactive.url", database.reactiveUrl()),
                Map.entry("graft.object-store.endpoint", objects.endpoint().toString()),
                Map.entry("graft.object-store.access-key", ACCESS_KEY),
                Map.entry("graft.object-store.secret-key", SECRET_KEY),
                Map.entry("graft.object-store.bucket", BUCKET),
                Map.entry("graft.object-store.region", REGION));
    }
}

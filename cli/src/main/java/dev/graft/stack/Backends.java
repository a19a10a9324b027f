package dev.graft.stack;

import dev.graft.contracts.Topics;
import dev.graft.embedded.Durability;
import dev.graft.embedded.EmbeddedBroker;
import dev.graft.embedded.EmbeddedDatabase;
import dev.graft.embedded.EmbeddedObjectStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/// The servers that services lean on: broker, object store and database.
///
/// @param closings how to stop them, in order of starting
record Backends(
        EmbeddedDatabase database, EmbeddedBroker broker, EmbeddedObjectStore objects, List<AutoCloseable> closings)
        implements AutoCloseable {

    /// The one bucket.
    static final String BUCKET = "graft";

    /// The region that requests to the object store are signed for.
    static final String REGION = "us-east-1";

    private static final System.Logger LOG = System.getLogger(Backends.class.getName());
    private static final int PARTITIONS = 4;
    private static final short REPLICAS = 1;

    /// Starts them all at once and returns when all are ready, with topics and bucket.
    ///
    /// @throws ExecutionException when one of them cannot start; the others are stopped again
    static Backends start(DataDirectory data, StackPorts ports, Credentials credentials, StateBoard board)
            throws ExecutionException, InterruptedException {
        List<AutoCloseable> closings = Collections.synchronizedList(new ArrayList<>());
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            var database = timed(threads, board, "database", () -> {
                var started = EmbeddedDatabase.start(
                        data.database(),
                        ports.database(),
                        credentials.databasePassword(),
                        data.logs().resolve("postgresql.log"),
                        Durability.FULL);
                closings.add(started);
                return started;
            });
            var broker = timed(threads, board, "broker", () -> {
                var started = EmbeddedBroker.start(data.broker(), ports.broker(), Durability.FULL);
                closings.add(started);
                started.createTopics(topics());
                return started;
            });
            var objects = timed(threads, board, "objects", () -> {
                var started = EmbeddedObjectStore.start(
                        data.objects(),
                        ports.objects(),
                        credentials.accessKey(),
                        credentials.secretKey(),
                        BUCKET,
                        Durability.FULL);
                closings.add(started);
                return started;
            });
            try {
                CompletableFuture.allOf(database, broker, objects).get();
                return new Backends(database.get(), broker.get(), objects.get(), closings);
            } catch (ExecutionException | InterruptedException e) {
                closeAll(closings);
                throw e;
            }
        }
    }

    private static <T> CompletableFuture<T> timed(
            ExecutorService threads, StateBoard board, String name, Supplier<T> start) {
        return CompletableFuture.supplyAsync(
                () -> {
                    long beganNanos = System.nanoTime();
                    T started = start.get();
                    board.ready(name, (System.nanoTime() - beganNanos) / 1_000_000);
                    return started;
                },
                threads);
    }

    private static List<NewTopic> topics() {
        return Topics.ALL.stream()
                .flatMap(topic -> Stream.of(
                        new NewTopic(topic, PARTITIONS, REPLICAS)
                                .configs(
                                        Topics.isCompacted(topic)
                                                ? Map.of(
                                                        TopicConfig.CLEANUP_POLICY_CONFIG,
                                                        TopicConfig.CLEANUP_POLICY_COMPACT)
                                                : Map.of()),
                        new NewTopic(Topics.deadLetterOf(topic), 1, REPLICAS).configs(Topics.deadLetterSettings())))
                .toList();
    }

    @Override
    public void close() {
        closeAll(closings);
    }

    /// Stops what was started, the broker before the others so that nobody waits for it.
    private static void closeAll(List<AutoCloseable> closings) {
        for (AutoCloseable closing : List.copyOf(closings).reversed()) {
            try {
                closing.close();
            } catch (Exception e) {
                LOG.log(System.Logger.Level.WARNING, "a backend did not stop cleanly", e);
            }
        }
    }
}

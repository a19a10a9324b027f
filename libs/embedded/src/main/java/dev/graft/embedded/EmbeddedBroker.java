package dev.graft.embedded;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/// Runs a Kafka broker in this process: one KRaft node, broker and controller together.
///
/// There is no second broker that could have a record: with full durability it is on the disk before its
/// producer receives the acknowledgement.
public final class EmbeddedBroker implements AutoCloseable {
    /// One name for every embedded cluster, so that formatting a directory again after a crash changes nothing.
    private static final String CLUSTER_ID = "graft-embedded-cluster";

    private static final int NODE_ID = 1;
    private static final String HOST = "127.0.0.1";
    private static final long ADMIN_TIMEOUT_SECONDS = 60;

    private final KafkaRaftServer server;
    private final String bootstrapServers;

    private EmbeddedBroker(KafkaRaftServer server, String bootstrapServers) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    /// Starts a broker and returns once it serves.
    ///
    /// @param directory where its logs are or will be
    /// @param port      to listen on; 0 for any free one
    /// @param durability whether taking a record waits for the disk
    /// @throws EmbeddedServerException when it cannot start
    public static EmbeddedBroker start(Path directory, int port, Durability durability) {
        int brokerPort = FreePort.orAny(port);
        return start(directory, brokerPort, brokerPort, durability);
    }

    /// Starts a broker that clients reach through a proxy, and returns once it serves.
    ///
    /// @param directory      where its logs are or will be
    /// @param brokerPort     to listen on
    /// @param advertisedPort of the proxy, which clients connect to
    /// @param durability     whether taking a record waits for the disk
    /// @throws EmbeddedServerException when it cannot start
    public static EmbeddedBroker start(Path directory, int brokerPort, int advertisedPort, Durability durability) {
        int controllerPort = FreePort.any();
        try {
            Files.createDirectories(directory);
            format(directory);
            KafkaRaftServer server = new KafkaRaftServer(
                    new KafkaConfig(settings(directory, brokerPort, advertisedPort, controllerPort, durability), false),
                    Time.SYSTEM);
            server.startup();
            return new EmbeddedBroker(server, HOST + ":" + advertisedPort);
        } catch (Exception e) {
            throw new EmbeddedServerException("Kafka broker", directory, e);
        }
    }

    private static void format(Path directory) throws Exception {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        new Formatter()
                .setPrintStream(nowhere)
                .setNodeId(NODE_ID)
                .setClusterId(CLUSTER_ID)
                .setControllerListenerName("CONTROLLER")
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .addDirectory(directory.toString())
                .setMetadataLogDirectory(directory.toString())
                .setIgnoreFormatted(true)
                .run();
    }

    private static Map<String, Object> settings(
            Path directory, int brokerPort, int advertisedPort, int controllerPort, Durability durability) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", NODE_ID);
        settings.put(
                "listeners", "BROKER://" + HOST + ":" + brokerPort + ",CONTROLLER://" + HOST + ":" + controllerPort);
        settings.put("advertised.listeners", "BROKER://" + HOST + ":" + advertisedPort);
        settings.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "BROKER");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort);
        settings.put("log.dirs", directory.toString());
        settings.put("auto.create.topics.enable", false);
        settings.put("group.initial.rebalance.delay.ms", 0);
        // One node: nothing to replicate to, and few partitions of the internal topics start faster.
        settings.put("offsets.topic.replication.factor", (short) 1);
        settings.put("offsets.topic.num.partitions", 4);
        settings.put("transaction.state.log.replication.factor", (short) 1);
        settings.put("transaction.state.log.min.isr", 1);
        settings.put("transaction.state.log.num.partitions", 4);
        settings.put("share.coordinator.state.topic.replication.factor", (short) 1);
        settings.put("share.coordinator.state.topic.min.isr", (short) 1);
        settings.put("share.coordinator.state.topic.num.partitions", 4);
        // A killed broker's registration must expire before its successor is let in: 9 s by default.
        settings.put("broker.session.timeout.ms", 2_000);
        settings.put("broker.heartbeat.interval.ms", 400);
        // Small: the default buffer of the log cleaner alone is 128 MiB of heap.
        settings.put("log.cleaner.dedupe.buffer.size", 8L << 20);
        settings.put("log.flush.interval.messages", durability == Durability.FULL ? 1L : Long.MAX_VALUE);
        settings.put("num.network.threads", 2);
        settings.put("num.io.threads", 4);
        settings.put("background.threads", 2);
        settings.put("log.segment.bytes", 64 << 20);
        return settings;
    }

    /// Gives what clients call `bootstrap.servers`.
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /// Creates those of the topics that are missing.
    ///
    /// @throws EmbeddedServerException when the broker refuses one or does not answer within a minute
    public void createTopics(Collection<NewTopic> topics) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            for (var creation : admin.createTopics(topics).values().values()) {
                try {
                    creation.get(ADMIN_TIMEOUT_SECONDS, TimeUnit.SECONDS);
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new EmbeddedServerException("Kafka topics", e);
                    }
                }
            }
        } catch (TimeoutException e) {
            throw new EmbeddedServerException("Kafka topics", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("Kafka topics", e);
        }
    }

    /// Stops the broker and waits until its logs are closed.
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}

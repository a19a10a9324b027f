package dev.graft.messaging;

import dev.graft.contracts.Topics;
import dev.graft.embedded.Durability;
import dev.graft.embedded.EmbeddedBroker;
import dev.graft.embedded.EmbeddedDatabase;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;

/// A real database, and a real broker that can go away and come back.
public final class MessagingBackends implements QuarkusTestResourceLifecycleManager {
    private static final String PASSWORD = "messaging-tests";

    private final Path directory = temporaryDirectory();
    private final SwitchableBroker broker = new SwitchableBroker(directory.resolve("kafka"));
    private EmbeddedDatabase database;

    /// A durable broker at one address.
    static final class SwitchableBroker {
        private final Path directory;
        private EmbeddedBroker running;
        private int port;

        SwitchableBroker(Path directory) {
            this.directory = directory;
        }

        void start() {
            running = EmbeddedBroker.start(directory, port, Durability.PROCESS);
            port = Integer.parseInt(
                    bootstrapServers().substring(bootstrapServers().lastIndexOf(':') + 1));
        }

        void stop() {
            running.close();
        }

        String bootstrapServers() {
            return running.bootstrapServers();
        }
    }

    @Override
    public Map<String, String> start() {
        broker.start();
        broker.running.createTopics(Topics.ALL.stream()
                .flatMap(topic -> Stream.of(topic, Topics.deadLetterOf(topic)))
                .map(topic -> new NewTopic(topic, Optional.of(2), Optional.empty()))
                .toList());
        database = EmbeddedDatabase.start(directory.resolve("postgres"), 0, PASSWORD, null, Durability.PROCESS);
        return Map.of(
                "quarkus.datasource.username", EmbeddedDatabase.USER,
                "quarkus.datasource.password", PASSWORD,
                "quarkus.datasource.jdbc.url", database.jdbcUrl(),
                "quarkus.datasource.reactive.url", database.reactiveUrl(),
                "kafka.bootstrap.servers", broker.bootstrapServers());
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(broker, new TestInjector.MatchesType(SwitchableBroker.class));
    }

    @Override
    public void stop() {
        broker.stop();
        database.close();
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("graft-messaging");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

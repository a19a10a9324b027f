package dev.graft.messaging;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.util.Map;

/// A real database and a real broker.
public final class MessagingBackends implements QuarkusTestResourceLifecycleManager {
    private static TestBroker broker;
    private EmbeddedPostgres postgres;

    static TestBroker broker() {
        return broker;
    }

    @Override
    public Map<String, String> start() {
        try {
            postgres = EmbeddedPostgres.start();
            broker = new TestBroker();
            broker.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        String address = "localhost:" + postgres.getPort() + "/postgres";
        return Map.of(
                "quarkus.datasource.username",
                "postgres",
                "quarkus.datasource.password",
                "postgres",
                "quarkus.datasource.jdbc.url",
                "jdbc:postgresql://" + address,
                "quarkus.datasource.reactive.url",
                "postgresql://" + address,
                "kafka.bootstrap.servers",
                broker.bootstrapServers());
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(broker, new TestInjector.MatchesType(TestBroker.class));
    }

    @Override
    public void stop() {
        try {
            broker.stop();
            postgres.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}

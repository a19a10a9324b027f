package dev.graft.testkit;

import dev.graft.embedded.Durability;
import dev.graft.embedded.EmbeddedBroker;
import dev.graft.embedded.FreePort;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;

/// Gives the application under test real backends that the test can take away: each behind a [Gate]. The test
/// class gets the [Gates] in a field.
///
/// Database and object store are the shared ones; the broker is one of its own, since clients go where a broker
/// sends them.
public final class GatedBackends implements QuarkusTestResourceLifecycleManager {
    private static final String HOST = "127.0.0.1:";

    /// One for all test classes of the JVM, as the shared backends are.
    private static final class Holder {
        static final Gates GATES = open();

        private static Gates open() {
            Backends shared = Backends.shared();
            int brokerPort = FreePort.any();
            Gate brokerGate = Gate.before("broker", brokerPort);
            EmbeddedBroker broker = Backends.withOwnLoader(() -> EmbeddedBroker.start(
                    Files.createTempDirectory("graft-gated-broker"),
                    brokerPort,
                    brokerGate.port(),
                    Durability.PROCESS));
            Backends.createTopics(broker);
            Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
            return new Gates(
                    Gate.before("database", shared.database().port()),
                    brokerGate,
                    Gate.before("objects", shared.objectsPort()));
        }
    }

    /// After [GraftBackends], which other test classes of the module name and which is therefore started here,
    /// too: of two resources that set a property, the later one is heeded, and without an order chance decides.
    @Override
    public int order() {
        return 1;
    }

    @Override
    public Map<String, String> start() {
        Gates gates = Holder.GATES;
        Map<String, String> configuration = new HashMap<>(Backends.shared().configuration());
        String database = "postgresql://" + HOST + gates.database().port() + "/graft";
        configuration.put("quarkus.datasource.jdbc.url", "jdbc:" + database);
        configuration.put("quarkus.datasource.reactive.url", database);
        configuration.put("kafka.bootstrap.servers", HOST + gates.broker().port());
        configuration.put(
                "graft.object-store.endpoint",
                "http://" + HOST + gates.objects().port());
        return configuration;
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(Holder.GATES, new TestInjector.MatchesType(Gates.class));
    }

    @Override
    public void stop() {
        Holder.GATES.passAll();
    }
}

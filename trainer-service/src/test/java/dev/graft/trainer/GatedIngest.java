package dev.graft.trainer;

import dev.graft.testkit.Gate;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.net.URI;
import java.util.Map;

/// An [IngestStub] that the test can take away: the test class gets the [Gate] before it in a field.
public final class GatedIngest implements QuarkusTestResourceLifecycleManager {
    private static final String URL = "quarkus.rest-client.ingest.url";

    private final IngestStub stub = new IngestStub();
    private final Gate gate;

    public GatedIngest() {
        Map<String, String> configuration = stub.start();
        gate = Gate.before("ingest", URI.create(configuration.get(URL)).getPort());
    }

    @Override
    public Map<String, String> start() {
        return Map.of(URL, "http://127.0.0.1:" + gate.port());
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(gate, new TestInjector.MatchesType(Gate.class));
    }

    @Override
    public void stop() {
        gate.close();
        stub.stop();
    }
}

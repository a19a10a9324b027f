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
        gate = Gate.before("ingest", URI.create(stub.start().get(URL)).getPort());
    }

    /// After the [IngestStub] that other test classes name, so that the address of the gate is heeded.
    @Override
    public int order() {
        return 1;
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

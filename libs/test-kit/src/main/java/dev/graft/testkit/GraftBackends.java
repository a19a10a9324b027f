package dev.graft.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/// Gives the application under test the real [Backends]: `@QuarkusTestResource(GraftBackends.class)`.
public final class GraftBackends implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        return Backends.shared().configuration();
    }

    /// Leaves the backends running: the next test class of this JVM uses them, too.
    @Override
    public void stop() {}
}

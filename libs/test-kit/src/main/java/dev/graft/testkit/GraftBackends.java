package dev.graft.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Gives the application under test the real [Backends]: `@QuarkusTestResource(GraftBackends.class)`.
public final class GraftBackends implements QuarkusTestResourceLifecycleManager {
    /// Begins the system properties by which a process gets the configuration of its parent's backends.
    private static final String OF_PARENT = "graft.test.backends.";

    /// Gives the JVM options with which a child process runs its application under test on the backends of this
    /// process. Without them it would start backends of its own.
    public static List<String> optionsOfChild() {
        return Backends.shared().configuration().entrySet().stream()
                .map(entry -> "-D" + OF_PARENT + entry.getKey() + "=" + entry.getValue())
                .toList();
    }

    @Override
    public Map<String, String> start() {
        Map<String, String> ofParent = System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(OF_PARENT))
                .collect(Collectors.toMap(name -> name.substring(OF_PARENT.length()), System::getProperty));
        return ofParent.isEmpty() ? Backends.shared().configuration() : ofParent;
    }

    /// Leaves the backends running: the next test class of this JVM uses them, too.
    @Override
    public void stop() {}
}

package dev.graft.jobs;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.graft.testkit.GraftBackends;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/// A process of its own with the whole application in it, whose worker works until it is killed.
final class VictimProcess {
    private static final Set<String> HANDED_DOWN =
            Set.of("basedir", "localRepository", "java.util.logging.manager", "user.home");

    private VictimProcess() {}

    public static void main(String[] args) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                // By name, so that the application's own class loader loads it.
                .selectors(selectClass("dev.graft.jobs.VictimApplication"))
                .build();
        Launcher launcher = LauncherFactory.create();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        launcher.execute(request, summary);
        summary.getSummary()
                .getFailures()
                .forEach(failure -> failure.getException().printStackTrace());
        System.exit(2);
    }

    /// Starts a victim on the backends of this process.
    ///
    /// @param jvmOptions how its process may die
    static Process start(List<String> jvmOptions) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        System.getProperties().forEach((name, value) -> {
            String key = name.toString();
            if (HANDED_DOWN.contains(key) || key.startsWith("maven.") || key.startsWith("quarkus.")) {
                command.add("-D" + key + "=" + value);
            }
        });
        command.addAll(GraftBackends.optionsOfChild());
        command.add("-Dditches.machines=0");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), VictimProcess.class.getName()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}

package dev.graft.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/// The service of the module under test in a process of its own, as it is packaged. It uses the backends of the
/// application under test, and starts none. Not safe for use by several threads.
public final class ShippedService {
    private static final Path PROGRAM = Path.of("target", "quarkus-app", "quarkus-run.jar");

    /// Where the backends are.
    private static final List<String> HANDED_DOWN = List.of(
            "kafka.bootstrap.servers",
            "quarkus.datasource.username",
            "quarkus.datasource.password",
            "quarkus.datasource.jdbc.url",
            "quarkus.datasource.reactive.url",
            "graft.object-store.endpoint",
            "graft.object-store.access-key",
            "graft.object-store.secret-key",
            "graft.object-store.bucket",
            "graft.object-store.region");

    private final Process process;

    private ShippedService(Process process) {
        this.process = process;
    }

    /// Starts the service.
    ///
    /// @param log     what it prints is appended there
    /// @param options system properties beside the addresses of the backends
    /// @throws IOException when it cannot be started
    public static ShippedService start(Path log, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                // As the stack on one machine starts it; lives this short need no second compiler.
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dquarkus.http.port=0"));
        Config config = ConfigProvider.getConfig();
        HANDED_DOWN.forEach(name -> command.add("-D" + name + "=" + config.getValue(name, String.class)));
        command.addAll(options);
        command.addAll(List.of("-jar", PROGRAM.toString()));
        return new ShippedService(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start());
    }

    /// Whether it runs, or is stopped.
    public boolean isAlive() {
        return process.isAlive();
    }

    /// Sends SIGKILL and gives the exit status.
    public int kill() throws InterruptedException {
        return process.destroyForcibly().waitFor();
    }

    /// Sends SIGSTOP: the process stands still and keeps all that it has.
    public void stop() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /// Sends SIGCONT.
    public void goOn() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill %s ended with status %d".formatted(signal, status));
        }
    }
}

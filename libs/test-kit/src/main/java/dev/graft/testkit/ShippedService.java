package dev.graft.testkit;

import dev.graft.embedded.FreePort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private final URI address;

    private ShippedService(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /// Starts the service.
    ///
    /// @param log     what it prints is appended there
    /// @param options further options of the virtual machine, which may replace those given here, and system
    ///                properties beside the addresses of the backends
    /// @throws IOException when it cannot be started
    public static ShippedService start(Path log, List<String> options) throws IOException {
        int port = FreePort.any();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                // As the stack on one machine and the images start it; lives this short need no second compiler.
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dquarkus.http.port=" + port));
        Config config = ConfigProvider.getConfig();
        HANDED_DOWN.forEach(name -> command.add("-D" + name + "=" + config.getValue(name, String.class)));
        command.addAll(options);
        command.addAll(List.of("-jar", PROGRAM.toString()));
        ProcessBuilder process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // As its image has it.
        process.environment().put("MALLOC_ARENA_MAX", "2");
        return new ShippedService(process.start(), URI.create("http://127.0.0.1:%d/".formatted(port)));
    }

    /// Where it listens as soon as it has started.
    public URI address() {
        return address;
    }

    /// Reads how much of its memory is resident, and how much ever was.
    ///
    /// @throws IOException when it has ended
    public ResidentMemory residentMemory() throws IOException {
        String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"));
        return new ResidentMemory(bytesOf("VmRSS", status), bytesOf("VmHWM", status));
    }

    private static long bytesOf(String field, String status) throws IOException {
        Matcher line = Pattern.compile("(?m)^" + field + ":\\s+(\\d+) kB$").matcher(status);
        if (!line.find()) {
            throw new IOException("the process has no " + field + " any more");
        }
        return Long.parseLong(line.group(1)) << 10;
    }

    /// Memory of a process, as proc(5) describes it.
    ///
    /// @param bytes     now
    /// @param peakBytes at most since it started
    public record ResidentMemory(long bytes, long peakBytes) {}

    /// Whether it runs, or is stopped.
    public boolean isAlive() {
        return process.isAlive();
    }

    /// Whether it has started and can do its work.
    public boolean isReady() throws IOException {
        HttpURLConnection probe =
                (HttpURLConnection) address.resolve("q/health/ready").toURL().openConnection();
        try {
            return probe.getResponseCode() == 200;
        } catch (ConnectException notYet) {
            return false;
        } finally {
            probe.disconnect();
        }
    }

    /// Sends SIGTERM.
    ///
    /// @return completes with the exit status
    public CompletableFuture<Integer> end() {
        process.destroy();
        return process.onExit().thenApply(Process::exitValue);
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

package dev.graft.stack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Says where the programs of a stack lie.
///
/// @param home      the clone
/// @param build     changes with every build
/// @param java      the JVM's executable
/// @param classpath of the supervisor
/// @param settings  environment variables that services get besides those of the stack
public record Installation(Path home, String build, Path java, String classpath, Map<String, String> settings) {
    private static final String LOG_FORMAT = "%1$tFT%1$tT.%1$tL%1$tz %4$-7s [%3$s] %5$s%6$s%n";

    /// Reads it from this process, which the `graft` script started.
    public static Installation current() {
        return new Installation(
                Path.of(System.getProperty("graft.home", ".")).toAbsolutePath().normalize(),
                System.getProperty("graft.build", "none"),
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                Map.of());
    }

    /// Gives the same programs with settings of their own.
    public Installation with(Map<String, String> ownSettings) {
        return new Installation(home, build, java, classpath, ownSettings);
    }

    /// Gives the command that runs the supervisor.
    List<String> supervisorCommand(DataDirectory data, int portBase) {
        List<String> command = jvm(data, "supervisor", 512, 128);
        command.add("-Djava.util.logging.SimpleFormatter.format=" + LOG_FORMAT);
        command.add("-Dgraft.home=" + home);
        command.add("-Dgraft.build=" + build);
        command.add("-D" + Supervisor.PORT_BASE_PROPERTY + "=" + portBase);
        command.addAll(List.of("-cp", classpath, Supervisor.class.getName()));
        return command;
    }

    /// Gives the command that runs a service.
    ///
    /// @throws ActionableException when it is not built
    List<String> serviceCommand(Service service, DataDirectory data) {
        Path runner = home.resolve(service.module()).resolve("target/quarkus-app/quarkus-run.jar");
        if (!Files.exists(runner)) {
            throw new ActionableException(
                    "The " + service.label() + " service is not built: " + runner + " is missing.",
                    "Run ./graft from the clone, which builds it.");
        }
        List<String> command = jvm(data, service.label(), service.heapMebibytes(), service.directMebibytes());
        command.addAll(List.of("-jar", runner.toString()));
        return command;
    }

    /// Every JVM is bounded, marked as the data directory's own, and shares class data with its next start.
    private List<String> jvm(DataDirectory data, String role, int heapMebibytes, int directMebibytes) {
        Path archives = home.resolve("deploy/target/cds");
        return new ArrayList<>(List.of(
                java.toString(),
                MarkedProcesses.mark(data),
                "-Ddev.graft.stack.role=" + role,
                "-Xmx" + heapMebibytes + "m",
                "-XX:MaxDirectMemorySize=" + directMebibytes + "m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + archives.resolve(role + ".jsa"),
                "-Xlog:cds=off",
                "-Xlog:cds+dynamic=off",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    }
}

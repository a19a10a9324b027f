package dev.graft.stack;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Says where the programs of a stack lie.
///
/// @param home      the clone
/// @param build     changes with every build
/// @param java      the JVM's executable
/// @param classpath of the supervisor
/// @param settings  environment variables that services get besides those of the stack
public record Installation(Path home, String build, Path java, String classpath, Map<String, String> settings) {
    private static final String LOG_FORMAT = "%1$tFT%1$tT.%1$tL%1$tz %4$-7s [%3$s] %5$s%6$s%n";
    private static final int YOUNG_MEBIBYTES = 96;

    /// A method is optimised in full once it has been called sixteen times as often as the JVM waits for by
    /// itself (5,000 calls, or 600 and loops that make up 15,000); a loop that goes on is optimised as soon as
    /// ever. The programs of a stack share few cores, and a quarter of what they did until they were ready was to
    /// optimise what is hardly called after that. The defaults are what `java -XX:+PrintFlagsFinal` prints.
    private static final List<String> LATE_OPTIMISATION = List.of(
            "-XX:Tier4InvocationThreshold=80000",
            "-XX:Tier4MinInvocationThreshold=9600",
            "-XX:Tier4CompileThreshold=240000");

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

    /// Gives the program of the supervisor.
    Program supervisor(DataDirectory data, int portBase) {
        List<String> command = jvm(data, "supervisor", 512, 128, classpath);
        command.addAll(LATE_OPTIMISATION);
        command.add("-Djava.util.logging.SimpleFormatter.format=" + LOG_FORMAT);
        command.add("-Dgraft.home=" + home);
        command.add("-Dgraft.build=" + build);
        command.add("-D" + Supervisor.PORT_BASE_PROPERTY + "=" + portBase);
        command.add(Supervisor.class.getName());
        return Program.of(command, classpath).with(settings);
    }

    /// Gives the program of a service.
    ///
    /// All its jars are on one flat class path, those first whose classes the build rewrote. The framework's own
    /// starter would load classes by a loader of its own, and the JVM can keep none of these in an archive. The
    /// system properties are those that the starter sets.
    ///
    /// @throws ActionableException when it is not built
    Program service(Service service, DataDirectory data) {
        Path application = home.resolve(service.module()).resolve("target/quarkus-app");
        if (!Files.exists(application.resolve("quarkus-run.jar"))) {
            throw new ActionableException(
                    "The " + service.label() + " service is not built: " + application + " is missing.",
                    "Run ./graft from the clone, which builds it.");
        }
        String jars = Stream.of("quarkus", "app", "lib/boot", "lib/main")
                .flatMap(folder -> jars(application.resolve(folder)))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = jvm(data, service.label(), service.heapMebibytes(), service.directMebibytes(), jars);
        if (!service.answersAtOnce()) {
            command.addAll(LATE_OPTIMISATION);
        }
        command.addAll(List.of(
                // As the images have it: what decoding needs in one piece is found in the old generation only.
                "-Xmn" + YOUNG_MEBIBYTES + "m",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
                        + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
                "io.quarkus.runner.GeneratedMain"));
        return Program.of(command, jars);
    }

    /// In the order of their names, backwards: `transformed-bytecode.jar` hides the classes that it replaces.
    private static Stream<Path> jars(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files
                    .filter(file -> file.toString().endsWith(".jar"))
                    .sorted(Comparator.reverseOrder())
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Every JVM is bounded, marked as the data directory's own, and shares class data with its next start.
    private List<String> jvm(DataDirectory data, String role, int heapMebibytes, int directMebibytes, String jars) {
        Path archive = new ClassArchives(home.resolve("cli/target/cds")).of(role, jars);
        return new ArrayList<>(List.of(
                java.toString(),
                MarkedProcesses.mark(data),
                "-Ddev.graft.stack.role=" + role,
                "-Xmx" + heapMebibytes + "m",
                "-XX:MaxDirectMemorySize=" + directMebibytes + "m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + archive,
                "-Xlog:cds=off",
                "-Xlog:cds+dynamic=off",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    }
}

package dev.graft.cli.bench;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.stack.ActionableException;
import dev.graft.stack.Installation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A program that measures in a process of its own, with the libraries of a service, and prints what it
/// found as one JSON document, its last line.
///
/// @param service   module of the service
/// @param mainClass name of its class
/// @param remedy    what a user may do when it fails
record MeasuringProgram(Installation installation, String service, String mainClass, String remedy) {
    /// The feature service, which has all engines.
    static final String FEATURE = "feature-service";

    /// The trainer, which also has what is trained.
    static final String TRAINER = "trainer-service";

    private static final ObjectMapper JSON =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    /// Runs it with the environment of this process.
    ///
    /// @throws ActionableException when it fails
    <T> T run(Class<T> answer, List<String> jvmOptions, List<String> arguments)
            throws IOException, InterruptedException {
        return run(answer, jvmOptions, Map.of(), arguments);
    }

    /// Runs it.
    ///
    /// @param answer what it prints
    /// @param environment what its environment has besides that of this process
    /// @throws ActionableException when it fails
    <T> T run(Class<T> answer, List<String> jvmOptions, Map<String, String> environment, List<String> arguments)
            throws IOException, InterruptedException {
        Path errors = Files.createTempFile("graft-bench", ".log");
        try {
            ProcessBuilder builder = builder(jvmOptions, arguments).redirectError(errors.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new ActionableException("The measurement failed: " + reason(Files.readAllLines(errors)), remedy);
            }
            return JSON.readValue(
                    output.lines().reduce((first, second) -> second).orElseThrow(), answer);
        } finally {
            Files.delete(errors);
        }
    }

    /// Returns how its process is started.
    ProcessBuilder builder(List<String> jvmOptions, List<String> arguments) {
        Path application = installation.home().resolve(service).resolve("target/quarkus-app");
        List<String> command = new ArrayList<>();
        command.add(installation.java().toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(jvmOptions);
        command.addAll(
                List.of("-cp", application.resolve("lib/main") + "/*:" + application.resolve("app") + "/*", mainClass));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        // As in services: libraries for CUDA round the factors of float32 products unless this is set.
        builder.environment().put("NVIDIA_TF32_OVERRIDE", "0");
        return builder;
    }

    /// Finds what a program said of its end: how its exception begins, or else its last line. Libraries
    /// warn before.
    static String reason(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("Exception in thread"))
                .findFirst()
                .or(() -> lines.reversed().stream().findFirst())
                .orElse("it said nothing");
    }
}

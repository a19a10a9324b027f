package dev.graft.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.console.Console;
import dev.graft.cli.session.Session;
import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// PyTorch in Python, which Graft's speed is measured against where there is one.
///
/// @param python the interpreter; absent when there is none with what is needed
/// @param script runs the same networks there
/// @param console shows what fails there
record Peers(Optional<Path> python, Path script, Console console) {
    /// Looks for an interpreter that has what is needed.
    ///
    /// @param chosen  the user's own; null for whichever `python3` the path leads to
    /// @param modules that it needs
    /// @throws ActionableException when the user's own lacks what is needed
    static Peers find(Session session, @Nullable Path chosen, List<String> modules)
            throws IOException, InterruptedException {
        Path script = session.installation().home().resolve("cli/bench/peers.py");
        Path candidate = chosen == null ? Path.of("python3") : chosen;
        boolean usable = isUsable(candidate, modules);
        if (chosen != null && !usable) {
            throw new ActionableException(
                    chosen + " is no Python with " + String.join(", ", modules) + ".",
                    "Make an environment with them (pip install %s) and name its interpreter."
                            .formatted(String.join(" ", modules)));
        }
        return new Peers(usable ? Optional.of(candidate) : Optional.empty(), script, session.console());
    }

    /// Writes a network as PyTorch's own exporter does; empty when there is no Python, or it fails.
    ///
    /// @param folder where the file goes
    Optional<Path> export(String architecture, int inputSize, Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve(architecture + ".onnx");
        Optional<String> output = run("export", architecture, String.valueOf(inputSize), file.toString());
        return output.map(_ -> file).filter(Files::exists);
    }

    /// Measures PyTorch: images a second by batch size. Empty when there is no Python, or it fails.
    Map<Integer, Double> eager(String architecture, int inputSize, int threads, int turnMillis, List<Integer> batches)
            throws IOException, InterruptedException {
        String sizes = batches.stream().map(String::valueOf).collect(Collectors.joining(","));
        Optional<String> output = run(
                "measure",
                architecture,
                String.valueOf(inputSize),
                String.valueOf(threads),
                String.valueOf(turnMillis),
                sizes);
        if (output.isEmpty()) {
            return Map.of();
        }
        Speeds speeds = new ObjectMapper().readValue("{\"speeds\":" + output.get() + "}", Speeds.class);
        return speeds.speeds();
    }

    private record Speeds(Map<Integer, Double> speeds) {}

    private Optional<String> run(String... arguments) throws IOException, InterruptedException {
        if (python.isEmpty()) {
            return Optional.empty();
        }
        Path errors = Files.createTempFile("graft-peers", ".log");
        try {
            Process process = builder(arguments).redirectError(errors.toFile()).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() == 0) {
                return output.lines().reduce((first, second) -> second).or(() -> Optional.of(""));
            }
            String reason = Files.readAllLines(errors).stream()
                    .reduce((first, second) -> second)
                    .orElse("it said nothing");
            console.remark("PyTorch did not %s %s: %s".formatted(arguments[0], arguments[1], reason));
            return Optional.empty();
        } finally {
            Files.delete(errors);
        }
    }

    /// Returns how its process is started.
    ///
    /// @throws IllegalStateException when there is no Python
    ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                python.orElseThrow(() -> new IllegalStateException("there is no Python"))
                        .toString(),
                "-W",
                "ignore",
                script.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    private static boolean isUsable(Path python, List<String> modules) throws InterruptedException {
        List<String> command = Stream.of(python.toString(), "-c", "import " + String.join(", ", modules))
                .toList();
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(Redirect.DISCARD)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }
}

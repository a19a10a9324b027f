package dev.graft.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.console.Console;
import dev.graft.cli.console.Progress;
import dev.graft.cli.console.Table;
import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Measures the forward pass of networks: each in a process of its own, Graft's engines and the graph of PyTorch's
/// exporter in turns, then PyTorch itself.
///
/// @param batchSizes pictures in a forward pass
/// @param turnMillis how long each of the three turns of a measurement lasts
record BackbonesBench(Session session, Peers peers, List<Integer> batchSizes, int turnMillis) {
    private static final String PROGRAM = "dev.graft.feature.bench.BackboneSpeed";
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    /// The speeds of one network.
    ///
    /// @param peakMultiplyAddsPerSecond what products of large matrices reach on the same threads
    record Figures(
            String backbone,
            int inputSize,
            long parameters,
            long multiplyAdds,
            int threads,
            double peakMultiplyAddsPerSecond,
            List<Speed> speeds) {}

    /// The speed of one way to compute a network.
    ///
    /// @param peakShare the multiply-adds a second in parts of the peak
    record Speed(String engine, String precision, int batch, double picturesPerSecond, double peakShare) {}

    /// Measures.
    ///
    /// @param chosen names of backbones or architectures; all when empty
    List<Figures> run(List<String> chosen) throws IOException, InterruptedException {
        List<Entry> entries = entries(chosen);
        List<Figures> figures = new ArrayList<>();
        Path folder = Files.createTempDirectory("graft-bench");
        try (Progress progress = session.console().progress("backbones")) {
            for (Entry entry : entries) {
                progress.update(figures.size(), entries.size(), entry.name());
                figures.add(measure(entry, folder));
            }
            progress.done(
                    peers.python().isPresent()
                            ? figures.size() + " measured, beside PyTorch of "
                                    + peers.python().get()
                            : figures.size()
                                    + " measured; there is no python3 with torch, timm and onnx to compare with");
        } finally {
            Folders.delete(folder);
        }
        return figures;
    }

    private record Entry(String name, String architecture, int inputSize) {}

    private List<Entry> entries(List<String> chosen) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("list"));
        arguments.addAll(chosen);
        return List.of(JSON.readValue(program(arguments), Entry[].class));
    }

    private Figures measure(Entry entry, Path folder) throws IOException, InterruptedException {
        int threads = Runtime.getRuntime().availableProcessors();
        String batches = batchSizes.stream().map(String::valueOf).collect(Collectors.joining(","));
        List<String> arguments =
                new ArrayList<>(List.of(entry.name(), String.valueOf(threads), String.valueOf(turnMillis), batches));
        peers.export(entry.architecture(), entry.inputSize(), folder).ifPresent(file -> arguments.add(file.toString()));
        Figures own = JSON.readValue(program(arguments), Figures.class);
        List<Speed> speeds = new ArrayList<>(own.speeds());
        Map<Integer, Double> eager =
                peers.eager(entry.architecture(), entry.inputSize(), threads, turnMillis, batchSizes);
        eager.forEach((batch, perSecond) -> speeds.add(new Speed(
                "PyTorch in Python",
                "f32",
                batch,
                perSecond,
                Math.rint(1000 * perSecond * own.multiplyAdds() / own.peakMultiplyAddsPerSecond()) / 1000)));
        return new Figures(
                own.backbone(),
                own.inputSize(),
                own.parameters(),
                own.multiplyAdds(),
                own.threads(),
                own.peakMultiplyAddsPerSecond(),
                speeds);
    }

    /// Runs the program that measures, and gives the last line that it prints.
    private String program(List<String> arguments) throws IOException, InterruptedException {
        Path service = session.installation().home().resolve("feature-service/target/quarkus-app");
        List<String> command = new ArrayList<>(List.of(
                session.installation().java().toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx4g",
                "-cp",
                service.resolve("lib/main") + "/*:" + service.resolve("app") + "/*",
                PROGRAM));
        command.addAll(arguments);
        Path errors = Files.createTempFile("graft-bench", ".log");
        try {
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new ActionableException(
                        "The measurement failed: " + reason(Files.readAllLines(errors)),
                        "./graft backbones lists the networks that there are.");
            }
            return output.lines().reduce((first, second) -> second).orElseThrow();
        } finally {
            Files.delete(errors);
        }
    }

    /// Finds what a program said of its end: how its exception begins, or else its last line. Libraries warn before.
    private static String reason(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("Exception in thread"))
                .findFirst()
                .or(() -> lines.reversed().stream().findFirst())
                .orElse("it said nothing");
    }

    static void print(Console console, List<Figures> figures) {
        Table table = new Table("BACKBONE", "ENGINE", "PRECISION", "BATCH", "PICTURES/S", "OF PEAK");
        for (Figures network : figures) {
            for (Speed speed : network.speeds()) {
                table.row(
                        network.backbone(),
                        speed.engine(),
                        speed.precision(),
                        speed.batch(),
                        String.format(Locale.ROOT, "%.1f", speed.picturesPerSecond()),
                        String.format(Locale.ROOT, "%.0f %%", 100 * speed.peakShare()));
            }
        }
        table.lines().forEach(line -> console.say("%s", line));
        figures.stream()
                .findFirst()
                .ifPresent(network -> console.say(
                        "The peak is %.0f billion multiply-adds a second: products of large matrices on the same %d threads.",
                        network.peakMultiplyAddsPerSecond() / 1e9, network.threads()));
    }
}

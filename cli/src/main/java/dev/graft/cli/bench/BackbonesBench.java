package dev.graft.cli.bench;

import dev.graft.cli.console.Console;
import dev.graft.cli.console.Progress;
import dev.graft.cli.console.Table;
import dev.graft.cli.session.Folders;
import dev.graft.cli.session.Session;
import dev.graft.networks.Backbone;
import dev.graft.networks.bench.BackboneSpeedView;
import dev.graft.networks.bench.BackboneSpeedView.SpeedView;
import dev.graft.networks.bench.BackboneSpeedView.WorkView;
import java.io.IOException;
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
/// @param batchSizes images in a forward pass
/// @param turnMillis how long each of the turns of a measurement lasts
record BackbonesBench(Session session, Peers peers, List<Integer> batchSizes, int turnMillis) {
    private static final String PROGRAM = BackboneSpeedView.PROGRAM;
    private static final List<String> JVM_OPTIONS = List.of("-Xmx4g");

    /// Operators with a smaller share of the time are left out.
    private static final double LEAST_SHARE_SHOWN = 0.02;

    /// Measures.
    ///
    /// @param backbones weight sets
    List<BackboneSpeedView> run(List<Backbone> backbones) throws IOException, InterruptedException {
        MeasuringProgram program = new MeasuringProgram(
                session.installation(),
                MeasuringProgram.FEATURE,
                PROGRAM,
                "Smaller batches need less memory: --batch-size N.");
        List<BackboneSpeedView> figures = new ArrayList<>();
        Path folder = Files.createTempDirectory("graft-bench");
        try (Progress progress = session.console().progress("backbones")) {
            for (Backbone backbone : backbones) {
                progress.update(figures.size(), backbones.size(), backbone.name());
                figures.add(measure(program, backbone, folder));
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

    private BackboneSpeedView measure(MeasuringProgram program, Backbone backbone, Path folder)
            throws IOException, InterruptedException {
        int threads = Runtime.getRuntime().availableProcessors();
        String batches = batchSizes.stream().map(String::valueOf).collect(Collectors.joining(","));
        int inputSize = backbone.preprocessing().inputSizePixels();
        List<String> arguments =
                new ArrayList<>(List.of(backbone.name(), String.valueOf(threads), String.valueOf(turnMillis), batches));
        peers.export(backbone.architecture(), inputSize, folder).ifPresent(file -> arguments.add(file.toString()));
        BackboneSpeedView own = program.run(BackboneSpeedView.class, JVM_OPTIONS, arguments);
        List<SpeedView> speeds = new ArrayList<>(own.speeds());
        Map<Integer, Double> eager = peers.eager(backbone.architecture(), inputSize, threads, turnMillis, batchSizes);
        eager.forEach((batch, perSecond) -> speeds.add(new SpeedView(
                "PyTorch in Python",
                "f32",
                batch,
                perSecond,
                Math.rint(1000 * perSecond * own.multiplyAdds() / own.peakMultiplyAddsPerSecond()) / 1000)));
        return new BackboneSpeedView(
                own.backbone(),
                own.inputSize(),
                own.parameters(),
                own.multiplyAdds(),
                own.threads(),
                own.peakMultiplyAddsPerSecond(),
                speeds,
                own.work());
    }

    static void print(Console console, List<BackboneSpeedView> figures) {
        Table table = new Table("BACKBONE", "ENGINE", "PRECISION", "BATCH", "PICTURES/S", "OF PEAK");
        for (BackboneSpeedView network : figures) {
            for (SpeedView speed : network.speeds()) {
                table.row(
                        network.backbone(),
                        speed.engine(),
                        speed.precision(),
                        speed.batch(),
                        String.format(Locale.ROOT, "%.1f", speed.imagesPerSecond()),
                        String.format(Locale.ROOT, "%.0f %%", 100 * speed.peakShare()));
            }
        }
        table.lines().forEach(line -> console.say("%s", line));
        console.say("What the time of a pass in ONNX Runtime, f32, goes to (and at which part of the peak):");
        figures.forEach(network -> console.say("%s: %s", network.backbone(), described(network.work())));
        figures.stream()
                .findFirst()
                .ifPresent(network -> console.say(
                        "The peak is %.0f billion multiply-adds a second: products of large matrices on the same %d threads.",
                        network.peakMultiplyAddsPerSecond() / 1e9, network.threads()));
    }

    private static String described(List<WorkView> work) {
        return work.stream()
                .filter(kind -> kind.timeShare() >= LEAST_SHARE_SHOWN)
                .map(BackbonesBench::described)
                .collect(Collectors.joining(", "));
    }

    private static String described(WorkView work) {
        String time = String.format(Locale.ROOT, "%s %.0f %%", work.kind(), 100 * work.timeShare());
        return work.peakShare() > 0 ? time + String.format(Locale.ROOT, " (%.0f %%)", 100 * work.peakShare()) : time;
    }
}

package dev.graft.cli.bench;

import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import dev.graft.networks.bench.BackboneSpeedView;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Measures how fast networks are.
@Command(
        name = "backbones",
        description =
                "Pictures a second of each network in each engine and precision, beside the machine's fastest matrix product and PyTorch.")
final class BenchBackbonesCommand extends SessionCommand {
    @Option(
            names = "--backbone",
            paramLabel = "B",
            split = ",",
            description = "Which networks; the first weight set of each architecture by default.")
    private List<String> backbones = List.of();

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,8,32",
            description = "Pictures in a forward pass (${DEFAULT-VALUE}).")
    private List<Integer> batchSizes = List.of();

    @Option(
            names = "--millis",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Milliseconds of a turn; each measurement has five turns or more (${DEFAULT-VALUE}).")
    private int turnMillis;

    @Option(
            names = "--python",
            paramLabel = "FILE",
            description =
                    "A Python with torch, timm and onnx, to measure PyTorch beside Graft; python3 by default, if it has them.")
    private @Nullable Path python;

    @Override
    protected void run(Session session) throws Exception {
        BackbonesBench bench = new BackbonesBench(
                session, Peers.find(session, python, List.of("torch", "timm", "onnx")), batchSizes, turnMillis);
        List<BackboneSpeedView> figures = bench.run(MeasuredBackbones.named(backbones));
        session.console().result(figures, () -> BackbonesBench.print(session.console(), figures));
    }
}

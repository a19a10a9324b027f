package dev.graft.cli.bench;

import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import dev.graft.networks.bench.MemoryCourse;
import dev.graft.networks.bench.MemoryTrial;
import dev.graft.stack.ActionableException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Measures the memory of networks.
@Command(
        name = "memory",
        description =
                "Resident memory over many forward passes of each network in each engine and precision: whether it stays flat.")
final class BenchMemoryCommand extends SessionCommand {
    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "Which networks; the first weight set of each architecture by default.")
    private List<String> backbones = List.of();

    @Option(
            names = "--passes",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many forward passes (${DEFAULT-VALUE}).")
    private int passes;

    @Option(
            names = "--input-size",
            paramLabel = "N",
            description =
                    "Side of the pictures, rounded up to one that the network takes; its own by default, which takes long.")
    private @Nullable Integer inputSize;

    @Override
    protected void run(Session session) throws Exception {
        if (passes < MemoryTrial.PASSES_MIN) {
            throw new ActionableException(
                    passes + " passes are too few to see anything.", "Take some thousands: --passes N.");
        }
        MemoryBench bench = new MemoryBench(session, passes);
        List<MemoryCourse> courses = bench.run(MeasuredBackbones.named(backbones).stream()
                .map(backbone -> inputSize == null ? backbone : MeasuredBackbones.sized(backbone, inputSize))
                .toList());
        session.console().result(courses, () -> MemoryBench.print(session.console(), courses));
    }
}

package dev.graft.cli.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Measures Graft on this machine.
@Command(
        name = "bench",
        description = "Measure how fast Graft is here, how that changes with size, and whether its memory stays flat.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            BenchEmbedCommand.class,
            BenchBackbonesCommand.class,
            BenchFineTuneCommand.class,
            BenchMemoryCommand.class,
            BenchScaleCommand.class
        })
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
public final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Which command?");
    }
}

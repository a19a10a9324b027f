package dev.graft.cli.weights;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Lists, pulls, imports and quantizes the weights of pretrained networks.
@Command(
        name = "weights",
        description = "List, pull, import and quantize the weights of pretrained networks.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            WeightsListCommand.class,
            WeightsPullCommand.class,
            WeightsImportCommand.class,
            WeightsQuantizeCommand.class
        })
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
public final class WeightsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Which command?");
    }
}

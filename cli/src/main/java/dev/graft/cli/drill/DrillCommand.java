package dev.graft.cli.drill;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Does harm on purpose, and says whether Graft keeps what it promises.
@Command(
        name = "drill",
        description = "Do harm to a stack of its own, and say whether Graft keeps what it promises.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = DrillTrainerCommand.class)
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
public final class DrillCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Which command?");
    }
}

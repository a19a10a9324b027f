package dev.graft.cli;

import dev.graft.cli.augmentation.AugmentCommand;
import dev.graft.cli.backbone.BackbonesCommand;
import dev.graft.cli.backbone.SummaryCommand;
import dev.graft.cli.bench.BenchCommand;
import dev.graft.cli.console.Console;
import dev.graft.cli.dataset.ImportCommand;
import dev.graft.cli.deadletter.DeadLettersCommand;
import dev.graft.cli.demo.DemoCommand;
import dev.graft.cli.drill.DrillCommand;
import dev.graft.cli.embedding.EmbedCommand;
import dev.graft.cli.folder.FileProblems;
import dev.graft.cli.hub.HubConnections;
import dev.graft.cli.model.ModelsCommand;
import dev.graft.cli.model.PromoteCommand;
import dev.graft.cli.prediction.PredictCommand;
import dev.graft.cli.rest.ReportedProblemException;
import dev.graft.cli.session.PartialLossException;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionSource;
import dev.graft.cli.stack.DownCommand;
import dev.graft.cli.stack.StatusCommand;
import dev.graft.cli.stack.UpCommand;
import dev.graft.cli.training.ReportCommand;
import dev.graft.cli.training.RunsCommand;
import dev.graft.cli.training.TrainCommand;
import dev.graft.cli.weights.WeightsCommand;
import dev.graft.stack.ActionableException;
import dev.graft.stack.StackPorts;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The command line's root: global options, the list of commands, and how errors end it.
@Command(
        name = "graft",
        description = "Teaches image classes to a pretrained network, and serves what it learned.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            ImportCommand.class,
            TrainCommand.class,
            PredictCommand.class,
            EmbedCommand.class,
            ModelsCommand.class,
            PromoteCommand.class,
            RunsCommand.class,
            ReportCommand.class,
            BackbonesCommand.class,
            SummaryCommand.class,
            AugmentCommand.class,
            WeightsCommand.class,
            DeadLettersCommand.class,
            BenchCommand.class,
            DrillCommand.class,
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            CommandLine.HelpCommand.class
        },
        footer = {
            "",
            "Exit status: 0 when all is done, 1 when it cannot be done, 2 when the command is not understood,",
            "3 when it is done but for some files (import, embed, predict) or dead letters (replay), which are named.",
            "",
            "./graft test builds Graft and runs all of its tests."
        })
public final class Graft implements Runnable, SessionSource {
    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print the result as one JSON document, the last line of standard output.")
    private boolean json;

    @Option(
            names = "--data-dir",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "Where everything is kept; .graft in the clone by default.")
    private @Nullable Path dataDirectory;

    @Option(
            names = "--port-base",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description = "The first of eight ports; " + StackPorts.DEFAULT_BASE + " by default.")
    private @Nullable Integer portBase;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    /// Runs one command and exits with its status: 0 on success, 1 on failure, 2 on wrong use, 3 when it was done
    /// for some of what was named only.
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.setOut(out);
        System.setErr(err);
        HubConnections.allowProxyPasswords();
        int status = commandLine().execute(arguments);
        out.flush();
        System.exit(status);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Graft())
                .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((problem, command, parsed) -> explain(problem, command));
    }

    private static int explain(Exception problem, CommandLine command) {
        PrintWriter err = command.getErr();
        if (problem instanceof ActionableException known) {
            String sentence = known instanceof ReportedProblemException reported
                    ? OptionWords.of(command).sentence(reported)
                    : known.problem();
            err.println("graft: " + sentence);
            err.println("       " + known.remedy());
        } else if (problem instanceof IOException input) {
            err.println("graft: " + FileProblems.sentence(input));
            err.println("       See to it that the disk has room and that you may read and write there.");
        } else {
            err.println("graft: something went wrong inside; please report this:");
            problem.printStackTrace(err);
        }
        err.flush();
        return problem instanceof PartialLossException
                ? PartialLossException.EXIT_STATUS
                : CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public Session session() {
        Console console = new Console(System.out, System.err, json, Integer.getInteger("graft.terminal-columns", 0));
        OptionalInt ports = portBase == null ? OptionalInt.empty() : OptionalInt.of(new StackPorts(portBase).base());
        return Session.of(console, dataDirectory, ports);
    }

    /// Without a command there is nothing to do but to say what there is.
    @Override
    public void run() {
        CommandLine.Model.CommandSpec known = Objects.requireNonNull(spec);
        throw new CommandLine.ParameterException(known.commandLine(), "Which command?");
    }
}

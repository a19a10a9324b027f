package dev.graft.cli.bench;

import dev.graft.cli.session.OwnStack;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Measures how costs grow with the size of a dataset, in a stack of its own that is empty at the start and gone at the
/// end.
@Command(
        name = "scale",
        description =
                "What each step costs with datasets of several sizes, from import to deletion, and the memory that services take, through a stack of its own.")
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
final class BenchScaleCommand extends SessionCommand {
    @Option(
            names = "--images",
            paramLabel = "N,N…",
            converter = DatasetSizes.Converter.class,
            defaultValue = "1000,10000,100000",
            description =
                    "Sizes of the datasets, ascending, each 100 to 1,000,000 (${DEFAULT-VALUE}). A hundred thousand take some ten minutes and 2 GB of disk.")
    private DatasetSizes sizes;

    @Option(
            names = "--rows",
            description =
                    "Datasets of rows in the database alone, without files: what looks at files is not measured, and a million take some four minutes.")
    private boolean rows;

    @Override
    protected void run(Session session) throws Exception {
        try (OwnStack own = OwnStack.beside(session, "bench-")) {
            ScaleReport report = new ScaleBench(own, own.session().services(), rows).run(sizes);
            session.console().result(report, () -> report.print(session.console()));
        }
    }
}

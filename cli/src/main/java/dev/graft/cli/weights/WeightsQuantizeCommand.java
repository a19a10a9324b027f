package dev.graft.cli.weights;

import dev.graft.cli.console.Console;
import dev.graft.cli.console.Progress;
import dev.graft.cli.rest.CalibrationView;
import dev.graft.cli.rest.Services;
import dev.graft.cli.rest.VersionView;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes the int8 ranges of weights.
@Command(
        name = "quantize",
        description = {
            "Make the int8 ranges of a backbone's weights from the pictures of a dataset.",
            "Then --precision int8 computes it in eight bits. The same pictures give the same ranges."
        })
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
final class WeightsQuantizeCommand extends SessionCommand {
    private static final double NANOS_A_SECOND = Duration.ofSeconds(1).toNanos();

    @Parameters(paramLabel = "NAME", description = "A name from ./graft weights list.")
    private String name;

    @Option(
            names = "--calibrate",
            paramLabel = "DATASET",
            required = true,
            description = "Whose pictures are looked at; typical ones are best.")
    private String dataset;

    @Option(
            names = "--images",
            paramLabel = "N",
            description = "The most pictures to look at, 1 to 10,000; 256 by default.")
    private @Nullable Integer images;

    /// What `--json` prints.
    ///
    /// @param images how many images the ranges were found in
    record Quantized(String name, String dataset, int version, int images, String ranges, double seconds) {}

    @Override
    protected void run(Session session) throws Exception {
        long startNanos = System.nanoTime();
        Services services = session.services();
        VersionView version = services.ingest().freeze(dataset);
        Console console = session.console();
        try (Progress progress = console.progress("quantize")) {
            CalibrationView last = services.feature()
                    .quantize(
                            name,
                            version.manifestKey(),
                            images,
                            step -> progress.update(
                                    step.done(),
                                    step.images(),
                                    "%d of %d pictures".formatted(step.done(), step.images())));
            int used = last.images() - last.skipped();
            String digest = String.valueOf(last.rangesSha256());
            Quantized quantized = new Quantized(
                    last.name(),
                    dataset,
                    version.version(),
                    used,
                    digest,
                    (System.nanoTime() - startNanos) / NANOS_A_SECOND);
            progress.done("ranges %s of %s from %d pictures".formatted(digest.substring(0, 12), last.name(), used));
            console.result(
                    quantized, () -> console.say("Use them with --backbone %s --precision int8.", quantized.name()));
        }
    }
}

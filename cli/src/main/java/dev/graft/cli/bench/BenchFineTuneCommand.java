package dev.graft.cli.bench;

import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import dev.graft.cli.session.WholeNumber;
import dev.graft.networks.Backbone;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Measures how fast fine-tuning is.
@Command(
        name = "fine-tune",
        description =
                "Pictures a second of an epoch of fine-tuning, of the last stages and of everything, beside a plain DJL loop and PyTorch in Python.")
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
final class BenchFineTuneCommand extends SessionCommand {
    private static final String ALL = "all";

    @Option(
            names = "--backbone",
            paramLabel = "B",
            defaultValue = "tf_efficientnet_lite0.in1k",
            description = "Which network (${DEFAULT-VALUE}); others than this one have random weights.")
    private String backbone;

    @Option(
            names = "--stages",
            paramLabel = "STAGE",
            split = ",",
            description =
                    "What is trained, as train --fine-tune has it; by default two trainings, of the last stages, with half of the parameters, and of all.")
    private List<String> stages = List.of();

    @Option(
            names = "--images",
            paramLabel = "N",
            defaultValue = "128",
            converter = ImageCount.class,
            description = "Pictures of an epoch (${DEFAULT-VALUE}).")
    private int images;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "32",
            converter = BatchSize.class,
            description = "Pictures in a step (${DEFAULT-VALUE}).")
    private int batchSize;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            converter = RoundCount.class,
            description = "Epochs of each, in turns (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--input-size",
            paramLabel = "N",
            description = "Side of the pictures, rounded up to one that the network takes; its own by default.")
    private @Nullable Integer inputSize;

    @Option(
            names = "--python",
            paramLabel = "FILE",
            description =
                    "A Python with torch and timm, to measure PyTorch beside Graft; python3 by default, if it has them.")
    private @Nullable Path python;

    @Override
    protected void run(Session session) throws Exception {
        Backbone named = MeasuredBackbones.named(List.of(backbone)).getFirst();
        Backbone measured = inputSize == null ? named : MeasuredBackbones.sized(named, inputSize);
        Peers peers = Peers.find(session, python, List.of("torch", "timm"));
        FineTuneReport report = new FineTuneBench(session, peers, images, batchSize, rounds)
                .run(measured, stages.isEmpty() ? List.of(UpperStages.of(measured), List.of(ALL)) : List.of(stages));
        session.console().result(report, () -> report.print(session.console()));
    }

    /// How many pictures an epoch has. Those of 224 pixels take 0.6 MB each on disk.
    static final class ImageCount extends WholeNumber {
        ImageCount() {
            super(1, 4096, "pictures");
        }
    }

    /// How many of them make a step.
    static final class BatchSize extends WholeNumber {
        BatchSize() {
            super(1, 1024, "pictures in a step");
        }
    }

    /// How often each contender trains.
    static final class RoundCount extends WholeNumber {
        RoundCount() {
            super(1, 100, "rounds");
        }
    }
}

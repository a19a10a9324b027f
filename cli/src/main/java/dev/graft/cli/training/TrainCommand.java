package dev.graft.cli.training;

import dev.graft.cli.console.Console;
import dev.graft.cli.embedding.ExtractorOptions;
import dev.graft.cli.rest.Services;
import dev.graft.cli.rest.TrainingRequest;
import dev.graft.cli.session.FieldOptions;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Trains a model on a dataset. What is not chosen, the trainer service chooses.
@Command(name = "train", description = "Train a model on a dataset, evaluate it and register it.")
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
public final class TrainCommand extends SessionCommand implements FieldOptions {
    @Parameters(paramLabel = "DATASET", description = "Its name.")
    private String dataset;

    @Option(
            names = "--dataset-version",
            paramLabel = "N",
            description = "A frozen version; what it holds now by default.")
    private @Nullable Integer datasetVersion;

    @Option(names = "--model", paramLabel = "NAME", description = "The model's name; the dataset's by default.")
    private @Nullable String model;

    @Mixin
    private ExtractorOptions extractor;

    @Option(names = "--head", paramLabel = "H", description = "linear, the default, mlp:WIDTH[,WIDTH] or sigmoid.")
    private @Nullable String head;

    @Option(names = "--dropout", paramLabel = "P", description = "Fraction of inputs that are dropped.")
    private @Nullable Double dropout;

    @Option(
            names = "--optimizer",
            paramLabel = "O",
            description = "adam, adamw, sgd or lbfgs; rmsprop for fine-tuning.")
    private @Nullable String optimizer;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            description = "0.001 by default, for sgd 0.01; not with lbfgs.")
    private @Nullable Double learningRate;

    @Option(names = "--epochs", paramLabel = "N", description = "At most so many; 100 by default, for lbfgs 500 steps.")
    private @Nullable Integer epochs;

    @Option(names = "--batch-size", paramLabel = "N", description = "64 by default; not with lbfgs.")
    private @Nullable Integer batchSize;

    @Option(names = "--class-weights", paramLabel = "W", description = "balanced, none, or LABEL=W,LABEL=W.")
    private @Nullable String classWeights;

    @Option(names = "--seed", paramLabel = "N", description = "The same seed gives the same model.")
    private @Nullable Long seed;

    @Option(
            names = "--test-fraction",
            paramLabel = "X",
            description = "How much is kept for evaluation when the dataset has no test and no val split.")
    private @Nullable Double testFraction;

    @Mixin
    private FineTuneOptions fineTune;

    @Option(names = "--promote", description = "Put the new version into production.")
    private boolean promote;

    @Override
    protected void run(Session session) throws Exception {
        Services services = session.services();
        TrainReport report = new Training(session, services.trainer()).run(request(), null);
        Console console = session.console();
        console.result(report, () -> TrainingText.print(console, report));
        if (promote || report.version() == 1) {
            services.predict().awaitServing(report.model(), report.version());
        }
    }

    @Override
    public Optional<String> optionOf(String pointer) {
        return switch (pointer) {
            case "/learningRate" ->
                fineTune.areWanted() || fineTune.headLearningRate() != null
                        ? Optional.of("--head-learning-rate")
                        : Optional.empty();
            case "/fineTuning/warmUpEpochs" -> Optional.of("--warm-up");
            default -> Optional.empty();
        };
    }

    /// With `--fine-tune` or `--augment`, what both trainings have is the second one's.
    private TrainingRequest request() {
        boolean tuned = fineTune.areWanted();
        return new TrainingRequest(
                dataset,
                datasetVersion,
                model,
                extractor.backbone(),
                extractor.layer(),
                extractor.inputSize(),
                extractor.precision(),
                head,
                dropout,
                tuned ? null : optimizer,
                tuned || fineTune.headLearningRate() != null ? fineTune.headLearningRate() : learningRate,
                tuned ? null : epochs,
                tuned ? null : batchSize,
                classWeights,
                seed,
                testFraction,
                fineTune.stages(),
                tuned
                        ? fineTune.request(optimizer, epochs, batchSize, learningRate)
                        : fineTune.request(null, null, null, null),
                fineTune.augment(),
                fineTune.augmentVariants(),
                promote ? Boolean.TRUE : null);
    }
}

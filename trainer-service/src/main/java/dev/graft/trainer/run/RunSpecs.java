package dev.graft.trainer.run;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.trainer.embedding.Extractors;
import dev.graft.trainer.head.HeadArchitecture;
import dev.graft.trainer.head.HeadSettings;
import dev.graft.weightstore.ChosenExtractor;
import dev.graft.weightstore.WeightStore;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Completes requests to settings. What cannot be done is refused, never passed over.
final class RunSpecs {
    static final int MAX_EPOCHS = 10_000;
    static final int MAX_BATCH = 65_536;
    static final double MAX_DROPOUT = 0.95;
    static final double MIN_LEARNING_RATE = 1e-7;
    static final double MAX_LEARNING_RATE = 10;
    static final double MIN_TEST_FRACTION = 0.01;
    static final double MAX_TEST_FRACTION = 0.9;
    private static final int DEFAULT_EPOCHS = 100;
    private static final int DEFAULT_BATCH = 64;
    private static final double DEFAULT_TEST_FRACTION = 0.2;

    private RunSpecs() {}

    /// @throws ProblemException `SETTING_UNSUPPORTED`, or what is said of the extractor
    static RunSpec complete(WeightStore weights, TrainingRunRequest request) {
        ExtractorChoice choice = choice(request);
        ChosenExtractor extractor = Extractors.chosen(weights, choice);
        HeadArchitecture head = head(request.head());
        HeadSettings.Optimizer optimizer = optimizer(request.optimizer(), head);
        boolean stepwise = optimizer != HeadSettings.Optimizer.LBFGS;
        if (!stepwise) {
            refuseSettingsOfSteps(request);
        }
        double learningRate = optimizer == HeadSettings.Optimizer.SGD ? 0.01 : 0.001;
        double dropout = within(request.dropout(), 0, 0, MAX_DROPOUT, "/dropout");
        return new RunSpec(
                extractor.backbone().name(),
                extractor.layer().toString(),
                extractor.backbone().preprocessing().inputSizePixels(),
                choice.precision().wireName(),
                head.toString(),
                optimizer.name().toLowerCase(Locale.ROOT),
                within(
                        request.epochs(),
                        stepwise ? DEFAULT_EPOCHS : HeadSettings.LBFGS_STEP_LIMIT,
                        1,
                        MAX_EPOCHS,
                        "/epochs"),
                stepwise ? (Integer) within(request.batchSize(), DEFAULT_BATCH, 1, MAX_BATCH, "/batchSize") : null,
                stepwise
                        ? (Double) within(
                                request.learningRate(),
                                learningRate,
                                MIN_LEARNING_RATE,
                                MAX_LEARNING_RATE,
                                "/learningRate")
                        : null,
                stepwise ? dropout : 0,
                classWeights(request.classWeights()),
                Objects.requireNonNullElse(request.seed(), 0L),
                within(
                        request.testFraction(),
                        DEFAULT_TEST_FRACTION,
                        MIN_TEST_FRACTION,
                        MAX_TEST_FRACTION,
                        "/testFraction"),
                Objects.requireNonNullElse(request.promote(), false),
                FineTuneSpecs.complete(request, extractor, dropout));
    }

    private static ExtractorChoice choice(TrainingRunRequest request) {
        String written = Objects.requireNonNullElse(request.precision(), Precision.F32.wireName());
        Precision precision = Stream.of(Precision.values())
                .filter(known -> known.wireName().equals(written))
                .findFirst()
                .orElseThrow(() -> unsupported("precision is f32 or int8, not '" + written + "'.", "/precision"));
        try {
            return new ExtractorChoice(request.backbone(), request.layer(), request.inputSize(), precision);
        } catch (IllegalArgumentException e) {
            throw unsupported("The " + e.getMessage() + ".", "/inputSize");
        }
    }

    private static HeadArchitecture head(@Nullable String written) {
        try {
            return HeadArchitecture.parse(Objects.requireNonNullElse(written, "linear"));
        } catch (IllegalArgumentException e) {
            throw unsupported("The " + e.getMessage() + ".", "/head");
        }
    }

    private static HeadSettings.Optimizer optimizer(@Nullable String written, HeadArchitecture head) {
        boolean layered = head instanceof HeadArchitecture.Mlp;
        if (written == null) {
            return layered ? HeadSettings.Optimizer.ADAMW : HeadSettings.Optimizer.LBFGS;
        }
        HeadSettings.Optimizer optimizer = Stream.of(HeadSettings.Optimizer.values())
                .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(written))
                .findFirst()
                .orElseThrow(() ->
                        unsupported("optimizer is lbfgs, adam, adamw or sgd, not '" + written + "'.", "/optimizer"));
        if (layered && optimizer == HeadSettings.Optimizer.LBFGS) {
            throw unsupported("L-BFGS trains heads of one layer; use adam, adamw or sgd for an mlp.", "/optimizer");
        }
        return optimizer;
    }

    private static void refuseSettingsOfSteps(TrainingRunRequest request) {
        if (request.learningRate() != null) {
            throw unsupported(
                    "L-BFGS finds the length of its steps: leave learningRate out, or choose adam, adamw or sgd.",
                    "/learningRate");
        }
        if (request.batchSize() != null) {
            throw unsupported(
                    "L-BFGS takes all pictures at once: leave batchSize out, or choose adam, adamw or sgd.",
                    "/batchSize");
        }
        Double dropout = request.dropout();
        if (dropout != null && dropout != 0 && !FineTuneSpecs.isWanted(request)) {
            throw unsupported(
                    "L-BFGS cannot leave features out at random: leave dropout out, or choose adam, adamw or sgd.",
                    "/dropout");
        }
    }

    private static String classWeights(@Nullable String written) {
        try {
            return WrittenClassWeights.parse(Objects.requireNonNullElse(written, "none"))
                    .toString();
        } catch (IllegalArgumentException e) {
            throw unsupported("Weights are not understood: %s.".formatted(e.getMessage()), "/classWeights");
        }
    }

    static int within(@Nullable Integer value, int otherwise, int least, int greatest, String pointer) {
        int chosen = Objects.requireNonNullElse(value, otherwise);
        if (chosen < least || chosen > greatest) {
            throw unsupported("%s is %d to %d, not %d.".formatted(field(pointer), least, greatest, chosen), pointer);
        }
        return chosen;
    }

    static double within(@Nullable Double value, double otherwise, double least, double greatest, String pointer) {
        double chosen = Objects.requireNonNullElse(value, otherwise);
        if (!(chosen >= least && chosen <= greatest)) {
            throw unsupported("%s is %s to %s, not %s.".formatted(field(pointer), least, greatest, chosen), pointer);
        }
        return chosen;
    }

    private static String field(String pointer) {
        return pointer.substring(pointer.lastIndexOf('/') + 1);
    }

    private static ProblemException unsupported(String detail, String pointer) {
        return new ProblemException(ProblemType.SETTING_UNSUPPORTED, detail, pointer);
    }
}

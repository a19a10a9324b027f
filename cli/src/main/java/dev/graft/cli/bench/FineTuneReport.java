package dev.graft.cli.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.cli.console.Console;
import dev.graft.cli.console.Durations;
import dev.graft.cli.console.Table;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How fast fine-tuning is beside loops that compute the whole network in every epoch. All times are
/// medians of the rounds in which the contenders took turns.
///
/// @param inputSizePixels side of the images
/// @param images          of an epoch
/// @param batchSize       images in a step
/// @param epochs          of the training that is added up
/// @param parts           what was trained, one after another
record FineTuneReport(
        String backbone,
        int inputSizePixels,
        int images,
        int batchSize,
        int threads,
        int rounds,
        int epochs,
        List<Part> parts) {
    FineTuneReport {
        parts = List.copyOf(parts);
    }

    /// The trainings of one part.
    ///
    /// @param parameters             numbers that are trained
    /// @param trunkMillisPerImage    of Graft, for what is computed once; absent where nothing is
    /// @param lossDifference how far another loss is off from Graft's at most, in parts of it
    /// @param ratio                  the time of an epoch of the fastest peer over Graft's
    /// @param trainingRatio          the same of the whole training
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Part(
            List<String> stages,
            long parameters,
            @Nullable Double trunkMillisPerImage,
            int stepsCompared,
            double lossDifference,
            List<Speed> contenders,
            double ratio,
            double trainingRatio) {
        Part {
            stages = List.copyOf(stages);
            contenders = List.copyOf(contenders);
        }
    }

    /// The speed of one contender.
    ///
    /// @param imagesPerSecond of an epoch
    /// @param epochSeconds      of an epoch
    /// @param trainingSeconds   of the whole training, with what is computed once
    /// @param ratio             the time of its epoch over Graft's; absent of Graft itself
    /// @param trainingRatio     the same of the whole training
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Speed(
            String contender,
            double imagesPerSecond,
            double epochSeconds,
            double trainingSeconds,
            @Nullable Double ratio,
            @Nullable Double trainingRatio) {}

    /// Prints it as a table.
    void print(Console console) {
        Table table = new Table("TRAINED", "BY", "PICTURES/S", "AN EPOCH", "RATIO", epochs + " EPOCHS", "RATIO");
        for (Part part : parts) {
            String stages = String.join(", ", part.stages());
            for (Speed speed : part.contenders()) {
                table.row(
                        stages,
                        speed.contender(),
                        String.format(Locale.ROOT, "%.1f", speed.imagesPerSecond()),
                        Durations.words(speed.epochSeconds()),
                        ratio(speed.ratio()),
                        Durations.words(speed.trainingSeconds()),
                        ratio(speed.trainingRatio()));
                stages = "";
            }
        }
        table.lines().forEach(line -> console.say("%s", line));
        console.say(
                "%s: %d pictures of %d pixels in batches of %d on %d threads, normalised beforehand; medians of %d rounds in turns. The ratio is the time over Graft's.",
                backbone, images, inputSizePixels, batchSize, threads, rounds);
        for (Part part : parts) {
            String stages = String.join(", ", part.stages());
            if (part.trunkMillisPerImage() != null) {
                console.say(
                        "%s: what lies below is computed once, %.1f ms a picture, which the %d epochs include.",
                        stages, part.trunkMillisPerImage(), epochs);
            }
            console.say(
                    "%s: in the first %d steps the losses differ by %.3f %% at most.",
                    stages, part.stepsCompared(), 100 * part.lossDifference());
        }
    }

    private static String ratio(@Nullable Double ratio) {
        return ratio == null ? "" : String.format(Locale.ROOT, "%.2f", ratio);
    }
}

package dev.graft.cli.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.cli.console.Console;
import dev.graft.cli.console.Durations;
import dev.graft.cli.console.Sizes;
import dev.graft.cli.console.Table;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How the cost of each step grows with the size of a dataset. Lists of figures have one for each size.
///
/// @param images          how many the datasets have
/// @param inputSizePixels side of the images as the network sees them
/// @param memory          of each process; empty where it cannot be had
/// @param refusals        what a service refused to do, in sentences
/// @param seconds         all of it together
record ScaleReport(
        List<Integer> images,
        int inputSizePixels,
        List<Growth> steps,
        List<MemoryGrowth> memory,
        List<String> refusals,
        double seconds) {
    ScaleReport {
        images = List.copyOf(images);
        steps = List.copyOf(steps);
        memory = List.copyOf(memory);
        refusals = List.copyOf(refusals);
    }

    /// The cost of a step.
    ///
    /// @param unit  what the costs are in
    /// @param costs absent where the step was refused
    /// @param ratio the cost at the largest size over that at the one before; absent when one of them is
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Growth(
            String step,
            String unit,
            List<@Nullable Double> costs,
            @Nullable Double ratio) {
        static Growth of(ScaleStep step, List<@Nullable Double> costs) {
            return new Growth(step.title(), step.unit().title(), costs, ratio(costs));
        }

        private static @Nullable Double ratio(List<@Nullable Double> costs) {
            if (costs.size() < 2) {
                return null;
            }
            @Nullable Double last = costs.getLast();
            @Nullable Double before = costs.get(costs.size() - 2);
            return last == null || before == null ? null : Math.round(100 * last / before) / 100.0;
        }
    }

    /// The resident memory of a process.
    ///
    /// @param heapBytes its greatest Java heap
    /// @param peakBytes the most that was resident from the start to the end of each size
    record MemoryGrowth(String process, long heapBytes, List<Long> peakBytes) {}

    /// Prints it as tables.
    void print(Console console) {
        Table costs = new Table(row("STEP", "UNIT", sizes(), "LAST OVER THE ONE BEFORE"));
        for (Growth step : steps) {
            costs.row((Object[]) row(
                    step.step(),
                    step.unit(),
                    step.costs().stream().map(ScaleReport::number),
                    step.ratio() == null ? "-" : String.format(Locale.ROOT, "%.2f", step.ratio())));
        }
        costs.lines().forEach(line -> console.say("%s", line));
        refusals.forEach(refusal -> console.say("%s", refusal));
        if (memory.isEmpty()) {
            console.say("Memory cannot be measured: this system has no /proc.");
        } else {
            printMemory(console);
        }
        console.say(
                "All of it took %s. Where an image costs the same at every size, the whole step grows as the dataset does.",
                Durations.words(seconds));
    }

    private void printMemory(Console console) {
        Table table = new Table(row("PEAK MEMORY", "HEAP", sizes(), "LAST OVER THE ONE BEFORE"));
        for (MemoryGrowth process : memory) {
            table.row((Object[]) row(
                    process.process(),
                    Sizes.words(process.heapBytes()),
                    process.peakBytes().stream().map(Sizes::words),
                    ratio(process.peakBytes())));
        }
        table.lines().forEach(line -> console.say("%s", line));
    }

    private static String ratio(List<Long> bytes) {
        return bytes.size() < 2
                ? "-"
                : String.format(Locale.ROOT, "%.2f", (double) bytes.getLast() / bytes.get(bytes.size() - 2));
    }

    private Stream<String> sizes() {
        return images.stream().map(size -> String.format(Locale.ROOT, "%,d", size));
    }

    private static String[] row(String first, String second, Stream<String> cells, String last) {
        return Stream.of(Stream.of(first, second), cells, Stream.of(last))
                .flatMap(part -> part)
                .toArray(String[]::new);
    }

    private static String number(@Nullable Double cost) {
        return cost == null ? "-" : String.format(Locale.ROOT, "%,.1f", cost);
    }
}

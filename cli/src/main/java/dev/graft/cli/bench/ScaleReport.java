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
/// @param rows            whether the datasets were rows alone, without files
/// @param inputSizePixels side of the images as the network sees them
/// @param memory          of each process; empty where it cannot be had
/// @param refusals        what a service refused to do, in sentences
/// @param seconds         all of it together
record ScaleReport(
        List<Integer> images,
        boolean rows,
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
    /// @param unit      what the costs are in
    /// @param costs     absent where the step was refused
    /// @param ratio     the cost at the largest size over that at the one before; absent when one of them is
    /// @param process   that does the work
    /// @param heapBytes the most of its heap that was in use, with what is no longer needed
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Growth(
            String step,
            String unit,
            List<@Nullable Double> costs,
            @Nullable Double ratio,
            String process,
            List<@Nullable Long> heapBytes) {
        static Growth of(ScaleStep step, List<ScaleCosts.@Nullable Cost> found) {
            List<@Nullable Double> costs = found.stream()
                    .map(cost -> cost == null ? null : Double.valueOf(cost.cost()))
                    .toList();
            List<@Nullable Long> heaps = found.stream()
                    .map(cost -> cost == null ? null : Long.valueOf(cost.heapBytes()))
                    .toList();
            return new Growth(
                    step.title(),
                    step.unit().title(),
                    costs,
                    ratio(costs),
                    step.service().label(),
                    heaps);
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
        printHeaps(console);
        if (memory.isEmpty()) {
            console.say("Memory cannot be measured: this system has no /proc.");
        } else {
            printMemory(console);
        }
        console.say(
                "All of it took %s. Where an image costs the same at every size, the whole step grows as the dataset does.",
                Durations.words(seconds));
    }

    private void printHeaps(Console console) {
        Table table = new Table(row("HEAP IN USE AT MOST", "PROCESS", sizes()));
        for (Growth step : steps) {
            if (step.unit().equals(ScaleStep.Unit.IMAGE.title())) {
                table.row((Object[]) row(
                        step.step(),
                        step.process(),
                        step.heapBytes().stream().map(bytes -> bytes == null ? "-" : Sizes.words(bytes))));
            }
        }
        table.lines().forEach(line -> console.say("%s", line));
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

    private static String[] row(String first, String second, Stream<String> cells, String... last) {
        return Stream.of(Stream.of(first, second), cells, Stream.of(last))
                .flatMap(part -> part)
                .toArray(String[]::new);
    }

    private static String number(@Nullable Double cost) {
        return cost == null ? "-" : String.format(Locale.ROOT, "%,.1f", cost);
    }
}

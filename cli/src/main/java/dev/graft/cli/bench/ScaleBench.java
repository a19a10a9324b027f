package dev.graft.cli.bench;

import dev.graft.cli.console.Console;
import dev.graft.cli.console.Durations;
import dev.graft.cli.console.Progress;
import dev.graft.cli.rest.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Measures what each step costs with datasets of several sizes, one after the other in one stack.
record ScaleBench(OwnStack stack, Services services) {
    private static final int INPUT_SIZE_PIXELS = 32;
    private static final int WARM_UP = 0;
    private static final int MEASURED = 1;

    /// What a size came to.
    ///
    /// @param costs without the steps that were refused
    private record Figures(Map<ScaleStep, Double> costs, List<ProcessMemory> memory) {}

    /// Measures. Other images, as many as the smallest dataset has, go through all steps before, so that no size pays
    /// for the start of the services.
    ///
    /// @throws IOException when the disk fails
    ScaleReport run(DatasetSizes sizes) throws IOException, InterruptedException {
        long beganNanos = System.nanoTime();
        List<String> refusals = new ArrayList<>();
        int smallest = sizes.images().getFirst();
        console().remark("%-11s %,d images, not measured".formatted("warm-up", smallest));
        Figures unused = measure(WARM_UP, smallest, new ArrayList<>());
        List<Figures> figures = new ArrayList<>();
        for (int images : sizes.images()) {
            console().remark("%-11s %,d images, after %s".formatted("dataset", images, Durations.since(beganNanos)));
            figures.add(measure(MEASURED, images, refusals));
        }
        return new ScaleReport(
                sizes.images(),
                INPUT_SIZE_PIXELS,
                growth(figures),
                memory(figures),
                refusals,
                Durations.secondsSince(beganNanos));
    }

    private Figures measure(int series, int images, List<String> refusals) throws IOException, InterruptedException {
        Path archive = stack.folder().resolve("images.tar");
        try (Progress progress = console().progress("generate")) {
            progress.note("%,d images".formatted(images));
            new GeneratedImages(series, images).write(archive);
            progress.done("%,d images in an archive".formatted(images));
        }
        Map<ScaleStep, Double> costs =
                new ScaleCourse(services, console(), images, INPUT_SIZE_PIXELS, refusals).run(archive);
        Files.delete(archive);
        return new Figures(costs, ProcessMemory.of(stack.state()));
    }

    private Console console() {
        return stack.session().console();
    }

    private static List<ScaleReport.Growth> growth(List<Figures> figures) {
        return Arrays.stream(ScaleStep.values())
                .map(step -> ScaleReport.Growth.of(
                        step,
                        figures.stream().map(size -> size.costs().get(step)).toList()))
                .toList();
    }

    private static List<ScaleReport.MemoryGrowth> memory(List<Figures> figures) {
        return figures.getLast().memory().stream()
                .map(last -> new ScaleReport.MemoryGrowth(
                        last.process(),
                        last.heapBytes(),
                        figures.stream()
                                .flatMap(size -> size.memory().stream())
                                .filter(process -> process.process().equals(last.process()))
                                .map(ProcessMemory::peakBytes)
                                .toList()))
                .toList();
    }
}

package dev.graft.cli.bench;

import dev.graft.cli.console.Console;
import dev.graft.cli.console.Durations;
import dev.graft.cli.console.Progress;
import dev.graft.cli.rest.Services;
import dev.graft.cli.session.OwnStack;
import dev.graft.stack.ActionableException;
import dev.graft.stack.StackDatabase;
import dev.graft.stack.StackState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Measures what each step costs with datasets of several sizes, one after the other in one stack.
///
/// @param rows whether the datasets are rows alone, without files
record ScaleBench(OwnStack stack, Services services, boolean rows) {
    private static final int WARM_UP = 0;
    private static final int MEASURED = 1;

    /// Files of the first dataset, at most.
    private static final int WARM_UP_MAX = 1_000;

    /// What a size came to.
    ///
    /// @param costs without the steps that were refused
    private record Figures(Map<ScaleStep, ScaleCosts.Cost> costs, List<ProcessMemory> memory) {}

    /// Measures. Files of other images, at most as many as the smallest dataset has, go through all steps before, so
    /// that no size pays for the start of the services.
    ///
    /// @throws IOException  when the disk fails
    /// @throws SQLException when the database does
    ScaleReport run(DatasetSizes sizes) throws IOException, SQLException, InterruptedException {
        long beganNanos = System.nanoTime();
        List<String> refusals = new ArrayList<>();
        List<Figures> figures = new ArrayList<>();
        StackState running = stack.state();
        try (Connection database = StackDatabase.connect(stack.session().data(), running.ports());
                HeapWatch heaps = new HeapWatch(running.ports())) {
            int warmUp = Math.min(WARM_UP_MAX, sizes.images().getFirst());
            console().remark("%-11s %,d images, not measured".formatted("warm-up", warmUp));
            ScaleCosts unused = measureFiles(WARM_UP, course(warmUp, database, new ArrayList<>(), heaps));
            for (int images : sizes.images()) {
                console()
                        .remark("%-11s %,d images, after %s".formatted("dataset", images, Durations.since(beganNanos)));
                ScaleCourse course = course(images, database, refusals, heaps);
                ScaleCosts costs = rows ? measureRows(database, course) : measureFiles(MEASURED, course);
                requireAlive();
                figures.add(new Figures(costs.byStep(), ProcessMemory.of(stack.state())));
            }
        }
        return new ScaleReport(
                sizes.images(),
                rows,
                EmbeddingCourse.INPUT_SIZE_PIXELS,
                growth(figures),
                memory(figures),
                refusals,
                Durations.secondsSince(beganNanos));
    }

    private ScaleCourse course(int images, Connection database, List<String> refusals, HeapWatch heaps) {
        return new ScaleCourse(
                services,
                console(),
                new BackgroundJobs(database),
                "scale-" + images,
                images,
                refusals,
                new ScaleCosts(images, heaps));
    }

    private ScaleCosts measureFiles(int series, ScaleCourse course)
            throws IOException, SQLException, InterruptedException {
        Path archive = stack.folder().resolve("images.tar");
        try (Progress progress = console().progress("generate")) {
            progress.note("%,d images".formatted(course.images()));
            new GeneratedImages(series, course.images()).write(archive);
            progress.done("%,d images in an archive".formatted(course.images()));
        }
        course.run(archive);
        Files.delete(archive);
        return course.costs();
    }

    private static ScaleCosts measureRows(Connection database, ScaleCourse course)
            throws SQLException, InterruptedException {
        course.run(new GeneratedRows(database, EmbeddingCourse.INPUT_SIZE_PIXELS));
        return course.costs();
    }

    /// A service whose heap is too small ends, and is started again.
    private void requireAlive() throws IOException {
        for (StackState.Part part : stack.state().parts()) {
            if (part.restarts() > 0) {
                throw new ActionableException(
                        "The part %s of the stack ended by itself and was started again.".formatted(part.name()),
                        "See to it that the machine has enough memory.");
            }
        }
    }

    private Console console() {
        return stack.session().console();
    }

    private List<ScaleReport.Growth> growth(List<Figures> figures) {
        return ScaleStep.of(rows).stream()
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

package dev.graft.cli.bench;

import dev.graft.cli.console.Console;
import dev.graft.cli.console.Durations;
import dev.graft.cli.console.Progress;
import dev.graft.cli.dataset.ImageImport;
import dev.graft.cli.dataset.ImportReport;
import dev.graft.cli.folder.ImageSource;
import dev.graft.cli.rest.ImagePage;
import dev.graft.cli.rest.RefusedRequestException;
import dev.graft.cli.rest.Services;
import dev.graft.cli.rest.TrainingRequest;
import dev.graft.cli.rest.TrainingRunView;
import dev.graft.cli.rest.VersionView;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/// Takes a dataset through all steps and measures each, by what the services offer to everybody.
///
/// @param console    shows the progress
/// @param background work that follows the end of requests
/// @param dataset    its name
/// @param images     how many images the dataset has
/// @param refusals   takes what a service refuses to do with so many
/// @param costs      takes the cost of each step, without those that were refused
record ScaleCourse(
        Services services,
        Console console,
        BackgroundJobs background,
        String dataset,
        int images,
        List<String> refusals,
        ScaleCosts costs) {
    /// Requests of a kind, of which the median counts.
    private static final int REQUESTS = 20;

    /// Images of a page.
    private static final int PAGE = 50;

    /// Images of the largest page that there is.
    private static final int LARGEST_PAGE = 1_000;

    /// Where in the dataset a page is far behind.
    private static final double FAR = 0.9;

    /// Measures with files; afterwards the dataset is deleted.
    ///
    /// @param archive with all images
    void run(Path archive) throws InterruptedException, SQLException {
        importAll(archive);
        EmbeddingCourse embedding = readAndFreeze();
        embedding.embed(ScaleStep.EMBED, images);
        embedding.embed(ScaleStep.EMBED_AGAIN, 0);
        embedding.cancel();
        train(embedding.version());
        delete();
    }

    /// Measures with rows alone; afterwards the dataset is deleted.
    void run(GeneratedRows rows) throws InterruptedException, SQLException {
        long beganNanos = System.nanoTime();
        try (Progress progress = console.progress("generate")) {
            services.ingest().create(dataset);
            rows.fill(dataset, images, progress);
            progress.done("rows of %,d images in %s".formatted(images, Durations.since(beganNanos)));
        }
        EmbeddingCourse embedding = readAndFreeze();
        embedding.embed(ScaleStep.EMBED_AGAIN, 0);
        embedding.cancel();
        delete();
    }

    private EmbeddingCourse readAndFreeze() {
        askForParts(listAll());
        return new EmbeddingCourse(services.feature(), console, background, freeze(), costs);
    }

    private void importAll(Path archive) {
        ImportReport report = new ImageImport(console, services.ingest())
                .run(dataset, ImageSource.at(archive))
                .report();
        costs.require(report.accepted(), images, "imported");
        costs.record(ScaleStep.IMPORT, report.seconds());
    }

    /// @return what names the last page that begins in the first nine tenths
    private String listAll() {
        long beganNanos = System.nanoTime();
        try (Progress progress = console.progress("list")) {
            String farCursor = "";
            ImagePage page = page(farCursor, LARGEST_PAGE);
            long listed = page.items().size();
            for (String next = page.next(); next != null; next = page.next()) {
                farCursor = listed <= FAR * images ? next : farCursor;
                page = page(next, LARGEST_PAGE);
                listed += page.items().size();
                progress.update(listed, images, "%,d images".formatted(listed));
            }
            costs.require(listed, images, "listed");
            costs.record(ScaleStep.LIST, Durations.secondsSince(beganNanos));
            progress.done("%,d images in %s".formatted(listed, Durations.since(beganNanos)));
            return farCursor;
        }
    }

    private ImagePage page(String cursor, int limit) {
        return services.ingest().images(dataset, Map.of("limit", String.valueOf(limit), "after", cursor));
    }

    private void askForParts(String farCursor) {
        Map<String, String> ofLabel = Map.of("limit", String.valueOf(PAGE), "label", GeneratedImages.LABEL);
        costs.record(ScaleStep.FIRST_PAGE, medianSeconds(() -> page("", PAGE)));
        costs.record(ScaleStep.FAR_PAGE, medianSeconds(() -> page(farCursor, PAGE)));
        costs.record(
                ScaleStep.PAGE_OF_LABEL, medianSeconds(() -> services.ingest().images(dataset, ofLabel)));
        costs.record(ScaleStep.COUNTS, medianSeconds(() -> services.ingest().dataset(dataset)));
    }

    private static double medianSeconds(Runnable request) {
        double[] seconds = DoubleStream.generate(() -> {
                    long beganNanos = System.nanoTime();
                    request.run();
                    return (System.nanoTime() - beganNanos) / 1e9;
                })
                .limit(REQUESTS)
                .sorted()
                .toArray();
        return (seconds[REQUESTS / 2 - 1] + seconds[REQUESTS / 2]) / 2;
    }

    private VersionView freeze() {
        long beganNanos = System.nanoTime();
        try (Progress progress = console.progress("freeze")) {
            progress.note("%,d images".formatted(images));
            VersionView version = services.ingest().freeze(dataset);
            costs.require(version.images(), images, "frozen");
            costs.record(ScaleStep.FREEZE, Durations.secondsSince(beganNanos));
            progress.done("%,d images in %s".formatted(version.images(), Durations.since(beganNanos)));
            return version;
        }
    }

    /// A trainer has bounds that a dataset may be beyond.
    private void train(VersionView version) {
        long beganNanos = System.nanoTime();
        try (Progress progress = console.progress("train")) {
            TrainingRequest request =
                    TrainingRequest.ofOnePass(dataset, version.version(), EmbeddingCourse.INPUT_SIZE_PIXELS);
            TrainingRunView begun = services.trainer().train(request, null);
            TrainingRunView unused = services.trainer().follow(begun, run -> {
                TrainingRunView.Progress now = run.progress();
                progress.note(now == null ? "waiting" : now.phase().toLowerCase(Locale.ROOT));
            });
            costs.record(ScaleStep.TRAIN, Durations.secondsSince(beganNanos));
            progress.done("%,d images in %s".formatted(images, Durations.since(beganNanos)));
        } catch (RefusedRequestException beyondBounds) {
            refusals.add("%,d images are not trained on: %s".formatted(images, beyondBounds.problem()));
        }
    }

    private void delete() throws InterruptedException, SQLException {
        try (Progress progress = console.progress("delete")) {
            progress.note("%,d images".formatted(images));
            long beganNanos = System.nanoTime();
            services.ingest().delete(dataset);
            costs.record(ScaleStep.DELETE, Durations.secondsSince(beganNanos));
            double seconds = background.secondsOfRemoval();
            costs.record(ScaleStep.REMOVE, seconds);
            progress.done("rows of %,d images removed in %s".formatted(images, Durations.words(seconds)));
        }
    }
}

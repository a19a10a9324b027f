package dev.graft.cli.bench;

import dev.graft.cli.console.Console;
import dev.graft.cli.console.Durations;
import dev.graft.cli.console.Progress;
import dev.graft.cli.dataset.ImageImport;
import dev.graft.cli.dataset.ImportReport;
import dev.graft.cli.folder.ImageSource;
import dev.graft.cli.rest.EmbeddingJobView;
import dev.graft.cli.rest.ImagePage;
import dev.graft.cli.rest.RefusedRequestException;
import dev.graft.cli.rest.Services;
import dev.graft.cli.rest.TrainingRequest;
import dev.graft.cli.rest.TrainingRunView;
import dev.graft.cli.rest.VersionView;
import dev.graft.stack.ActionableException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/// Takes a dataset through all steps and measures each, by what the services offer to everybody.
final class ScaleCourse {
    /// Requests of a kind, of which the median counts.
    private static final int REQUESTS = 20;

    /// Images of a page.
    private static final int PAGE = 50;

    /// Where in the dataset a page is far behind.
    private static final double FAR = 0.9;

    private final Services services;
    private final Console console;
    private final int images;
    private final int inputSizePixels;
    private final String dataset;
    private final List<String> refusals;
    private final Map<ScaleStep, Double> costs = new EnumMap<>(ScaleStep.class);

    /// @param images   how many images the dataset has
    /// @param refusals takes what a service refuses to do with so many
    ScaleCourse(Services services, Console console, int images, int inputSizePixels, List<String> refusals) {
        this.services = services;
        this.console = console;
        this.images = images;
        this.inputSizePixels = inputSizePixels;
        this.dataset = "scale-" + images;
        this.refusals = refusals;
    }

    /// Measures; afterwards the dataset is deleted.
    ///
    /// @param archive with all images
    /// @return the cost of each step in its unit, without those that were refused
    Map<ScaleStep, Double> run(Path archive) throws InterruptedException {
        importAll(archive);
        String farCursor = listAll();
        askForParts(farCursor);
        VersionView version = freeze();
        embed(ScaleStep.EMBED, version, images);
        embed(ScaleStep.EMBED_AGAIN, version, 0);
        train(version);
        long beganNanos = System.nanoTime();
        services.ingest().delete(dataset);
        record(ScaleStep.DELETE, Durations.secondsSince(beganNanos));
        return costs;
    }

    private void importAll(Path archive) {
        ImportReport report = new ImageImport(console, services.ingest())
                .run(dataset, ImageSource.at(archive))
                .report();
        require(report.accepted(), images, "imported");
        record(ScaleStep.IMPORT, report.seconds());
    }

    /// @return what names the last page that begins in the first nine tenths
    private String listAll() {
        long beganNanos = System.nanoTime();
        try (Progress progress = console.progress("list")) {
            String farCursor = "";
            ImagePage page = page(farCursor);
            long listed = page.items().size();
            for (String next = page.next(); next != null; next = page.next()) {
                farCursor = listed <= FAR * images ? next : farCursor;
                page = page(next);
                listed += page.items().size();
                progress.update(listed, images, "%,d images".formatted(listed));
            }
            require(listed, images, "listed");
            record(ScaleStep.LIST, Durations.secondsSince(beganNanos));
            progress.done("%,d images in %s".formatted(listed, Durations.since(beganNanos)));
            return farCursor;
        }
    }

    private ImagePage page(String cursor) {
        return services.ingest().images(dataset, Map.of("limit", String.valueOf(PAGE), "after", cursor));
    }

    private void askForParts(String farCursor) {
        Map<String, String> ofLabel = Map.of("limit", String.valueOf(PAGE), "label", GeneratedImages.LABEL);
        record(ScaleStep.FIRST_PAGE, medianSeconds(() -> page("")));
        record(ScaleStep.FAR_PAGE, medianSeconds(() -> page(farCursor)));
        record(ScaleStep.PAGE_OF_LABEL, medianSeconds(() -> services.ingest().images(dataset, ofLabel)));
        record(ScaleStep.COUNTS, medianSeconds(() -> services.ingest().dataset(dataset)));
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
            require(version.images(), images, "frozen");
            record(ScaleStep.FREEZE, Durations.secondsSince(beganNanos));
            progress.done("%,d images in %s".formatted(version.images(), Durations.since(beganNanos)));
            return version;
        }
    }

    private void embed(ScaleStep step, VersionView version, long expected) throws InterruptedException {
        try (Progress progress = console.progress("embed")) {
            EmbeddingJobView job = services.feature()
                    .embedAll(
                            version.manifestKey(),
                            inputSizePixels,
                            now -> progress.update(now.computed(), now.total(), now.computed() + " images"));
            require(job.total(), images, "looked at to be embedded");
            require(job.computed(), expected, "embedded");
            record(step, job.seconds());
            progress.done("%,d images, %,d of them computed, in %s"
                    .formatted(job.total(), job.computed(), Durations.words(job.seconds())));
        }
    }

    /// A trainer has bounds that a dataset may be beyond.
    private void train(VersionView version) {
        long beganNanos = System.nanoTime();
        try (Progress progress = console.progress("train")) {
            TrainingRequest request = TrainingRequest.ofOnePass(dataset, version.version(), inputSizePixels);
            TrainingRunView begun = services.trainer().train(request, null);
            TrainingRunView unused = services.trainer().follow(begun, run -> {
                TrainingRunView.Progress now = run.progress();
                progress.note(now == null ? "waiting" : now.phase().toLowerCase(Locale.ROOT));
            });
            record(ScaleStep.TRAIN, Durations.secondsSince(beganNanos));
            progress.done("%,d images in %s".formatted(images, Durations.since(beganNanos)));
        } catch (RefusedRequestException beyondBounds) {
            refusals.add("%,d images are not trained on: %s".formatted(images, beyondBounds.problem()));
        }
    }

    private void record(ScaleStep step, double seconds) {
        costs.put(step, step.unit().cost(seconds, images));
    }

    private void require(long found, long expected, String done) {
        if (found != expected) {
            throw new ActionableException(
                    "%,d images were %s, and not %,d.".formatted(found, done, expected),
                    "The logs of the services say more: see them while this runs.");
        }
    }
}

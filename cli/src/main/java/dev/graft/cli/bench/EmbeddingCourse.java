package dev.graft.cli.bench;

import dev.graft.cli.console.Console;
import dev.graft.cli.console.Durations;
import dev.graft.cli.console.Progress;
import dev.graft.cli.rest.EmbeddingJobView;
import dev.graft.cli.rest.FeatureClient;
import dev.graft.cli.rest.VersionView;
import java.sql.SQLException;

/// Takes the images of a frozen version through embedding jobs, and measures each.
///
/// @param background work that follows a cancellation
record EmbeddingCourse(
        FeatureClient feature, Console console, BackgroundJobs background, VersionView version, ScaleCosts costs) {
    /// The size at which images are embedded.
    static final int INPUT_SIZE_PIXELS = 32;

    /// The size of a job that is cancelled before anything is computed.
    private static final int OTHER_SIZE_PIXELS = 64;

    /// Embeds what has no embedding.
    ///
    /// @param expected how many these are
    void embed(ScaleStep step, long expected) throws InterruptedException {
        try (Progress progress = console.progress("embed")) {
            EmbeddingJobView job = feature.embedAll(
                    version.manifestKey(),
                    INPUT_SIZE_PIXELS,
                    now -> progress.update(now.computed(), now.total(), now.computed() + " images"));
            costs.require(job.total(), version.images(), "looked at to be embedded");
            costs.require(job.computed(), expected, "embedded");
            costs.require(job.cached(), version.images() - expected, "found embedded");
            costs.record(step, job.seconds());
            progress.done("%,d images, %,d of them computed, in %s"
                    .formatted(job.total(), job.computed(), Durations.words(job.seconds())));
        }
    }

    /// Has all of them queued, and cancels that.
    void cancel() throws InterruptedException, SQLException {
        try (Progress progress = console.progress("cancel")) {
            EmbeddingJobView job = feature.queueAll(
                    version.manifestKey(),
                    OTHER_SIZE_PIXELS,
                    now -> progress.update(now.total(), version.images(), now.total() + " images queued"));
            costs.require(job.total() - job.cached(), version.images(), "queued");
            costs.record(ScaleStep.PLAN, job.secondsToStart());
            long beganNanos = System.nanoTime();
            feature.cancel(job);
            costs.record(ScaleStep.CANCEL, Durations.secondsSince(beganNanos));
            progress.note("cancelled");
            double seconds = background.secondsOfForgetting();
            costs.record(ScaleStep.FORGET, seconds);
            progress.done("%,d images queued, and forgotten in %s".formatted(job.total(), Durations.words(seconds)));
        }
    }
}

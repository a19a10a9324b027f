package dev.graft.trainer.finetune;

import dev.graft.trainer.head.TrainingListener;
import org.jspecify.annotations.Nullable;

/// Counts the images that have passed through the frozen part, once for each variant, and through the part that
/// is trained, once for each epoch. For one thread.
final class TuningProgress {
    private final int images;
    private final long total;
    private final TrainingListener listener;
    private long passed;

    /// @param images of the set
    /// @param epochsDone of a training that goes on; the variants that it still shows are computed again
    TuningProgress(int images, FineTuneSettings settings, int epochsDone, TrainingListener listener) {
        this.images = images;
        this.total = FineTuning.passes(images, settings);
        this.listener = listener;
        int variantsToCome = Math.min(settings.shownVariants(), settings.epochs() - epochsDone);
        this.passed = (long) images * (epochsDone + settings.shownVariants() - variantsToCome);
    }

    /// Says how many images of the pass under way are done.
    void within(int done) {
        within(done, null);
    }

    /// Says how many images of the pass under way are done, and what their loss is.
    void within(int done, @Nullable Double loss) {
        listener.advanced(passed + done, total, loss, null);
    }

    /// Says that a pass is over.
    void passed(@Nullable Double loss, @Nullable Double accuracy) {
        passed += images;
        listener.advanced(passed, total, loss, accuracy);
    }
}

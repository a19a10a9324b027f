package dev.graft.trainer.finetune;

import dev.graft.trainer.head.Advance;
import dev.graft.trainer.head.TrainingListener;

/// Counts the images that have passed through the frozen part, once for each variant, and through the part that
/// is trained, once for each epoch. For one thread.
final class TuningProgress {
    private final int images;
    private final long total;
    private final TrainingListener listener;
    private long passed;
    private long frozenLeft;

    /// @param images of the set
    /// @param epochsDone of a training that goes on; the variants that it still shows are computed again
    TuningProgress(int images, FineTuneSettings settings, int epochsDone, TrainingListener listener) {
        this.images = images;
        this.total = FineTuning.passes(images, settings);
        this.listener = listener;
        int variantsToCome = Math.min(settings.shownVariants(), settings.epochs() - epochsDone);
        this.passed = (long) images * (epochsDone + settings.shownVariants() - variantsToCome);
        this.frozenLeft = (long) images * variantsToCome;
    }

    /// Says how many images have gone through the frozen part in the pass under way.
    void frozen(int done) {
        listener.advanced(Advance.ofFrozen(passed + done, total, frozenLeft - done));
    }

    /// Says that a pass through the frozen part is over.
    void frozenPassed() {
        passed += images;
        frozenLeft -= images;
        listener.advanced(Advance.ofFrozen(passed, total, frozenLeft));
    }

    /// Says how many images of an epoch are done, in how many steps, and what their loss is.
    void within(int epoch, int steps, int done, double loss) {
        listener.advanced(new Advance(passed + done, total, frozenLeft, loss, null, epoch, steps));
    }

    /// Says that an epoch is over.
    void passed(int epoch, int steps, double loss, double accuracy) {
        passed += images;
        listener.advanced(new Advance(passed, total, frozenLeft, loss, accuracy, epoch, steps));
    }
}

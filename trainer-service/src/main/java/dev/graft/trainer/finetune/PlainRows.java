package dev.graft.trainer.finetune;

import dev.graft.vision.augment.Mixing;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/// Rows of images as they are, computed once.
///
/// @param rows of all images; closed with this
record PlainRows(Rows rows) implements TrainingRows {
    static PlainRows of(FrozenPart frozen, StoredImages images, TuningSet set, TuningProgress progress) {
        Rows rows = frozen.rows(images, set.imageIds(), progress::frozen);
        progress.frozenPassed();
        return new PlainRows(rows);
    }

    @Override
    public int floats() {
        return rows.floats();
    }

    @Override
    public void show(int epoch, List<int[]> steps) {
        // Every epoch shows the same.
    }

    @Override
    public Optional<Mixing> mixing(int epoch, int step) {
        return Optional.empty();
    }

    @Override
    public void learned(int[] images, FloatBuffer target) {
        rows.read(images, target);
    }

    @Override
    public void heldOut(int[] images, FloatBuffer target) {
        rows.read(images, target);
    }

    @Override
    public void close() {
        rows.close();
    }
}

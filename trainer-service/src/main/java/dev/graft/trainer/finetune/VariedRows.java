package dev.graft.trainer.finetune;

import dev.graft.trainer.head.HeldOut;
import dev.graft.vision.augment.Augmentation;
import dev.graft.vision.augment.Mixing;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/// Rows of images of which an epoch sees a variant. Where every epoch sees another, its rows take the room of
/// those before; where the variants are counted, each is computed when an epoch first sees it, and kept. The
/// rows of a variant follow from its number, the seed and the images, where images are mixed also from the
/// order of its epoch: from nothing that an epoch before has left.
final class VariedRows implements TrainingRows {
    private final FrozenPart frozen;
    private final StoredImages images;
    private final TuningSet set;
    private final FineTuneSettings settings;
    private final Augmentation augmentation;
    private final TuningProgress progress;
    private final int heldOutImages;

    /// Where the row of each image lies.
    private final int[] places;

    private final Rows heldOut;
    private final Map<Integer, Rows> variants = new HashMap<>();
    private int shown;

    /// @param settings with an augmentation
    VariedRows(
            FrozenPart frozen,
            StoredImages images,
            TuningSet set,
            HeldOut heldOut,
            FineTuneSettings settings,
            TuningProgress progress) {
        this.frozen = frozen;
        this.images = images;
        this.set = set;
        this.settings = settings;
        this.augmentation = settings.augmentation();
        this.progress = progress;
        this.places = new int[set.labels().length];
        int[] chosenBy = heldOut.rows();
        this.heldOutImages = chosenBy.length;
        this.heldOut = rows(images, chosenBy, progress::frozen);
    }

    @Override
    public int floats() {
        return heldOut.floats();
    }

    @Override
    public void show(int epoch, List<int[]> steps) {
        shown = settings.variant(epoch);
        if (variants.containsKey(shown)) {
            return;
        }
        if (settings.keptVariants() == 1) {
            forget();
        }
        PassOrder order = order(epoch, steps);
        VariedImages varied = new VariedImages(images, augmentation, set.seed(), shown, order.pairs());
        variants.put(shown, rows(varied, order.images(), done -> progress.frozen(heldOutImages + done)));
        progress.frozenPassed();
    }

    /// Unless they are mixed, the images of all variants are in one order.
    private PassOrder order(int epoch, List<int[]> steps) {
        if (augmentation.isMixed()) {
            return PassOrder.of(steps, step -> mixing(epoch, step));
        }
        int[] sorted = steps.stream().flatMapToInt(Arrays::stream).sorted().toArray();
        return new PassOrder(sorted, List.of());
    }

    @Override
    public Optional<Mixing> mixing(int epoch, int step) {
        int size = images.preprocessor().preprocessing().inputSizePixels();
        return Mixing.of(augmentation, set.seed(), epoch, step, size, size);
    }

    private Rows rows(InputReader reader, int[] positions, IntConsumer done) {
        List<String> imageIds =
                Arrays.stream(positions).mapToObj(set.imageIds()::get).toList();
        Rows rows = frozen.rows(reader, imageIds, done);
        for (int place = 0; place < positions.length; place++) {
            places[positions[place]] = place;
        }
        return rows;
    }

    @Override
    public void learned(int[] positions, FloatBuffer target) {
        Rows rows = variants.get(shown);
        if (rows == null) {
            throw new IllegalStateException("no epoch was made ready");
        }
        rows.read(places(positions), target);
    }

    @Override
    public void heldOut(int[] positions, FloatBuffer target) {
        heldOut.read(places(positions), target);
    }

    private int[] places(int[] positions) {
        return Arrays.stream(positions).map(position -> places[position]).toArray();
    }

    private void forget() {
        variants.values().forEach(Rows::close);
        variants.clear();
    }

    @Override
    public void close() {
        try (heldOut) {
            forget();
        }
    }
}

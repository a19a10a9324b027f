package dev.graft.trainer.finetune;

import dev.graft.vision.augment.Augmentation;
import dev.graft.vision.augment.Augmenter;
import dev.graft.vision.augment.Mixing;
import dev.graft.vision.augment.Showing;
import java.nio.FloatBuffer;
import java.util.List;

/// Reads images in one of their variants, and mixes those that stand side by side.
final class VariedImages implements InputReader {
    private static final int CHANNELS = 3;

    private final StoredImages images;
    private final Augmenter augmenter;
    private final long seed;
    private final int variant;
    private final List<Mixing> pairs;

    /// @param seed of the run
    /// @param variant its number, from 1
    /// @param pairs how the first two images are mixed, the next two, and so on; those behind the last pair are
    ///     not
    VariedImages(StoredImages images, Augmentation augmentation, long seed, int variant, List<Mixing> pairs) {
        this.images = images;
        this.augmenter = new Augmenter(images.preprocessor(), augmentation);
        this.seed = seed;
        this.variant = variant;
        this.pairs = List.copyOf(pairs);
    }

    @Override
    public int floatsPerImage() {
        return images.floatsPerImage();
    }

    /// @param first an even number
    /// @param imageIds an even number of images, except behind the last pair
    @Override
    public void read(int first, List<String> imageIds, FloatBuffer inputs) {
        FloatBuffer batch = inputs.slice();
        for (String imageId : imageIds) {
            images.read(imageId, file -> augmenter.read(file, new Showing(seed, variant, imageId)), inputs);
        }
        int size = images.preprocessor().preprocessing().inputSizePixels();
        for (int i = 0; i < imageIds.size() && (first + i) / 2 < pairs.size(); i += 2) {
            FloatBuffer pair = batch.slice(i * floatsPerImage(), 2 * floatsPerImage());
            pairs.get((first + i) / 2).mixImages(pair, 2, CHANNELS, size, size);
        }
    }
}

package dev.graft.trainer.report;

import dev.graft.contracts.ObjectKeys;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectTooLargeException;
import dev.graft.trainer.finetune.FineTuneSettings;
import dev.graft.trainer.finetune.TuningSet;
import dev.graft.trainer.model.TunedBackbone;
import dev.graft.trainer.report.ReportPage.VariantRow;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.DecoderBusyException;
import dev.graft.vision.Pixels;
import dev.graft.vision.Preprocessing;
import dev.graft.vision.Preprocessor;
import dev.graft.vision.Thumbnail;
import dev.graft.vision.UndecodableImageException;
import dev.graft.vision.augment.Augmentation;
import dev.graft.vision.augment.Augmenter;
import dev.graft.vision.augment.Showing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Images that were learned from, and what the first epochs saw of them.
final class VariantRows {
    private static final int ROWS = 4;
    private static final int VARIANTS = 5;
    private static final int SIDE_PIXELS = 128;
    private static final int MAX_IMAGE_BYTES = (int) DecodeLimits.STANDARD.maxFileSizeBytes();

    /// How long a picture waits for memory, which others give back within seconds.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ObjectStore store;

    VariantRows(ObjectStore store) {
        this.store = store;
    }

    /// Draws rows; none where the images were not varied, each by itself.
    ///
    /// @param recipe how images became the network's input
    List<VariantRow> of(TunedBackbone backbone, Preprocessing recipe) {
        FineTuneSettings settings = backbone.settings();
        Augmentation augmentation = settings.augmentation();
        if (!augmentation.isVaried()) {
            return List.of();
        }
        Preprocessor preprocessor =
                new Preprocessor(recipe.withInputSizePixels(SIDE_PIXELS), DecodeLimits.STANDARD).waiting(PATIENCE);
        Augmenter augmenter = new Augmenter(preprocessor, augmentation);
        int variants = Math.min(VARIANTS, backbone.seenVariants());
        TuningSet set = backbone.set();
        return Arrays.stream(set.heldOut().learned())
                .limit(ROWS)
                .mapToObj(set.imageIds()::get)
                .flatMap(imageId -> row(imageId, preprocessor, augmenter, set.seed(), variants).stream())
                .toList();
    }

    /// A report without one of its pictures is better than none.
    private Optional<VariantRow> row(
            String imageId, Preprocessor preprocessor, Augmenter augmenter, long seed, int variants) {
        try {
            byte[] file = store.read(ObjectKeys.image(imageId), MAX_IMAGE_BYTES);
            List<String> varied = new ArrayList<>();
            for (int variant = 1; variant <= variants; variant++) {
                varied.add(jpeg(augmenter.read(file, new Showing(seed, variant, imageId))));
            }
            return Optional.of(new VariantRow(imageId, jpeg(preprocessor.read(file)), varied));
        } catch (ObjectNotFoundException
                | ObjectTooLargeException
                | UndecodableImageException
                | DecoderBusyException e) {
            return Optional.empty();
        }
    }

    private static String jpeg(byte[] rgb) {
        byte[] file = Thumbnail.jpeg(new Pixels(SIDE_PIXELS, SIDE_PIXELS, rgb), SIDE_PIXELS);
        return Base64.getEncoder().encodeToString(file);
    }
}

package dev.graft.trainer.finetune;

import dev.graft.contracts.ObjectKeys;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectTooLargeException;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.Preprocessing;
import dev.graft.vision.Preprocessor;
import dev.graft.vision.UndecodableImageException;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.List;

/// Reads images out of object storage, as they are.
final class StoredImages implements InputReader {
    private static final int MAX_FILE_SIZE_BYTES = (int) DecodeLimits.STANDARD.maxFileSizeBytes();

    /// How long an image waits for memory, which others give back within seconds.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ObjectStore store;
    private final Preprocessor preprocessor;

    /// @param recipe how images become the network's input
    StoredImages(ObjectStore store, Preprocessing recipe) {
        this.store = store;
        this.preprocessor = new Preprocessor(recipe, DecodeLimits.STANDARD).waiting(PATIENCE);
    }

    /// Makes a file what the network takes before it is normalised.
    interface Decoding {
        /// @return uint8 `[size, size, 3]`
        byte[] decode(byte[] file) throws UndecodableImageException;
    }

    Preprocessor preprocessor() {
        return preprocessor;
    }

    @Override
    public int floatsPerImage() {
        return preprocessor.sizeBytes();
    }

    @Override
    public void read(int first, List<String> imageIds, FloatBuffer inputs) {
        for (String imageId : imageIds) {
            read(imageId, preprocessor::read, inputs);
        }
    }

    /// Reads one image.
    ///
    /// @param inputs receives it normalised
    /// @throws UnusableImageException when it is gone or cannot be decoded
    void read(String imageId, Decoding decoding, FloatBuffer inputs) {
        try {
            byte[] prepared = decoding.decode(store.read(ObjectKeys.image(imageId), MAX_FILE_SIZE_BYTES));
            preprocessor.normalise(prepared, 0, inputs);
        } catch (ObjectNotFoundException | ObjectTooLargeException | UndecodableImageException e) {
            throw new UnusableImageException("the image " + imageId + " cannot be read: " + e.getMessage(), e);
        }
    }
}

package dev.graft.vision.augment;

import dev.graft.vision.Crop;
import dev.graft.vision.DecoderBusyException;
import dev.graft.vision.Preprocessor;
import dev.graft.vision.UndecodableImageException;
import java.util.List;
import java.util.Optional;

/// Prepares picture files for a network and varies them. What a picture becomes follows from its bytes, the
/// recipe, the augmentation and the [Showing], and from nothing else. Safe for many threads.
public final class Augmenter {
    private final Preprocessor preprocessor;
    private final Augmentation augmentation;
    private final byte[] meanColour;

    /// Makes an augmenter; covered pixels take the mean colour of the recipe, which normalisation makes zero.
    public Augmenter(Preprocessor preprocessor, Augmentation augmentation) {
        this.preprocessor = preprocessor;
        this.augmentation = augmentation;
        this.meanColour = colour(preprocessor.preprocessing().mean());
    }

    private static byte[] colour(List<Double> mean) {
        byte[] colour = new byte[mean.size()];
        for (int channel = 0; channel < colour.length; channel++) {
            colour[channel] = (byte) Math.clamp(Math.round(255 * mean.get(channel)), 0, 255);
        }
        return colour;
    }

    /// Decodes, crops and resizes a file, and varies it.
    ///
    /// @param file the whole file
    /// @return uint8 [size, size, 3], red, green, blue
    /// @throws UndecodableImageException when the file does not hold one complete picture within the limits
    /// @throws DecoderBusyException when the memory for it does not become free in time
    public byte[] read(byte[] file, Showing showing) throws UndecodableImageException {
        Optional<Crop> crop = augmentation.crop(showing);
        byte[] prepared = new byte[preprocessor.sizeBytes()];
        if (crop.isPresent()) {
            preprocessor.read(file, crop.get(), prepared, 0);
        } else {
            preprocessor.read(file, prepared, 0);
        }
        return vary(prepared, showing);
    }

    /// Varies a picture that is prepared already. Where [Augmentation#isCropped()], this is not all of it.
    ///
    /// @param prepared uint8 [size, size, 3]; not changed
    /// @return uint8 [size, size, 3], an array of its own
    /// @throws IllegalArgumentException when the array is of another size
    public byte[] vary(byte[] prepared, Showing showing) {
        if (prepared.length != preprocessor.sizeBytes()) {
            throw new IllegalArgumentException(
                    "A prepared picture has %d bytes, not %d".formatted(preprocessor.sizeBytes(), prepared.length));
        }
        int size = preprocessor.preprocessing().inputSizePixels();
        return augmentation.variation(showing, size, size).applied(prepared, size, size, meanColour);
    }
}

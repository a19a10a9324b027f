package dev.graft.vision;

import java.nio.FloatBuffer;
import java.time.Duration;

/// Turns picture files into the input of a network by one recipe. Safe for many threads.
public final class Preprocessor {
    private static final int CHANNELS = 3;

    private final Preprocessing preprocessing;
    private final ImageDecoder decoder;
    private final float[] normalised;

    /// Makes a preprocessor that refuses pictures beyond the limits.
    public Preprocessor(Preprocessing preprocessing, DecodeLimits limits) {
        this(preprocessing, new ImageDecoder(limits));
    }

    /// Makes a preprocessor that decodes as another one does, such as within a budget of its own.
    public Preprocessor(Preprocessing preprocessing, ImageDecoder decoder) {
        this(preprocessing, decoder, normalisedBySample(preprocessing));
    }

    private Preprocessor(Preprocessing preprocessing, ImageDecoder decoder, float[] normalised) {
        this.preprocessing = preprocessing;
        this.decoder = decoder;
        this.normalised = normalised;
    }

    /// Returns the same preprocessor, which waits for memory as long as given instead of a few seconds.
    public Preprocessor waiting(Duration longest) {
        return new Preprocessor(preprocessing, decoder.waiting(longest), normalised);
    }

    /// Returns the recipe.
    public Preprocessing preprocessing() {
        return preprocessing;
    }

    /// Returns the number of bytes of one prepared picture: 3 × size × size.
    public int sizeBytes() {
        return CHANNELS * preprocessing.inputSizePixels() * preprocessing.inputSizePixels();
    }

    /// Decodes, resizes and crops a file.
    ///
    /// @param file the whole file
    /// @return uint8 [size, size, 3], red, green, blue
    /// @throws UndecodableImageException when the file does not hold one complete picture within the limits
    /// @throws DecoderBusyException when the memory for it does not become free in time
    public byte[] read(byte[] file) throws UndecodableImageException {
        byte[] target = new byte[sizeBytes()];
        read(file, target, 0);
        return target;
    }

    /// Decodes, resizes and crops a file into an array of the caller.
    ///
    /// @param file the whole file
    /// @param target receives uint8 [size, size, 3] from `offset`
    /// @throws UndecodableImageException when the file does not hold one complete picture within the limits; the
    ///     target is then as it was
    /// @throws DecoderBusyException when the memory for it does not become free in time
    public void read(byte[] file, byte[] target, int offset) throws UndecodableImageException {
        StoredImage image = decoder.open(file);
        Region whole = uprightRegion(image);
        resize(image, axis(whole.width(), whole.height()), axis(whole.height(), whole.width()), target, offset);
    }

    /// Decodes a file, and resizes a part of it to the input's size, whatever the proportions of the part.
    /// The recipe's own crop does not apply: the part takes its place. Rows are resized first; Pillow 13 begins
    /// with the columns of some parts, whose samples then differ by rounding.
    ///
    /// @param file the whole file
    /// @param crop chooses the part
    /// @param target receives uint8 [size, size, 3] from `offset`, the very pixels that come of resizing the
    ///     part as if it were a picture of its own
    /// @throws IllegalArgumentException when the crop chooses an empty part, or one that is not all within the
    ///     picture
    /// @throws UndecodableImageException when the file does not hold one complete picture within the limits;
    ///     the target is then as it was
    /// @throws DecoderBusyException when the memory for it does not become free in time
    public void read(byte[] file, Crop crop, byte[] target, int offset) throws UndecodableImageException {
        StoredImage image = decoder.open(file);
        Region whole = uprightRegion(image);
        Region part = crop.of(whole.width(), whole.height());
        if (part.width() < 1 || part.height() < 1 || !part.isWithin(whole)) {
            throw new IllegalArgumentException("The crop %s is not within %s".formatted(part, whole));
        }
        resize(
                image,
                wholeSide(part.width()).moved(part.left()),
                wholeSide(part.height()).moved(part.top()),
                target,
                offset);
    }

    private static Region uprightRegion(StoredImage image) {
        Orientation orientation = image.orientation();
        return Region.whole(
                orientation.uprightWidth(image.width(), image.height()),
                orientation.uprightHeight(image.width(), image.height()));
    }

    private void resize(StoredImage image, Axis columns, Axis rows, byte[] target, int offset)
            throws UndecodableImageException {
        Orientation orientation = image.orientation();
        Region needed = new Region(columns.first(), rows.first(), columns.span(), rows.span());
        Region stored = orientation.storedRegion(needed, image.width(), image.height());
        try (DecodeBudget.Share _ = decoder.admit(workingBytes(image, stored, columns, rows))) {
            Patch decoded = image.decode(stored);
            Patch upright = orientation.upright(decoded, image.width(), image.height());
            Resampler.resample(upright, columns, rows, target, offset);
        }
    }

    /// Returns the most bytes that preparing a region holds at one moment: while it is decoded, while it is turned, and
    /// while it is resampled.
    private static long workingBytes(StoredImage image, Region stored, Axis columns, Axis rows) {
        long decoded = image.resultBytes(stored);
        long upright = image.orientation() == Orientation.UPRIGHT ? 0 : decoded;
        long afterwards = decoded + upright + Resampler.workingBytes(columns, rows);
        return Math.max(image.workingBytes(stored), afterwards) + columns.sizeBytes() + rows.sizeBytes();
    }

    /// Resizes and crops a picture that is decoded already.
    ///
    /// @return uint8 [size, size, 3], red, green, blue
    public byte[] resize(Pixels pixels) {
        byte[] target = new byte[sizeBytes()];
        Axis columns = axis(pixels.widthPixels(), pixels.heightPixels());
        Axis rows = axis(pixels.heightPixels(), pixels.widthPixels());
        Resampler.resample(new Patch(0, 0, pixels), columns, rows, target, 0);
        return target;
    }

    /// Normalises a prepared picture, in float32 as PyTorch does it: (sample / 255 − mean) / std.
    ///
    /// @param prepared uint8 [size, size, 3] from `offset`
    /// @param target receives float32 [3, size, size] at its position, which moves behind them
    public void normalise(byte[] prepared, int offset, FloatBuffer target) {
        int area = preprocessing.inputSizePixels() * preprocessing.inputSizePixels();
        int position = target.position();
        for (int channel = 0; channel < CHANNELS; channel++) {
            int table = channel << 8;
            for (int i = 0, from = offset + channel; i < area; i++, from += CHANNELS) {
                target.put(position++, normalised[table | prepared[from] & 0xFF]);
            }
        }
        target.position(position);
    }

    /// Normalises a prepared picture into an array.
    ///
    /// @param prepared uint8 [size, size, 3] from `offset`
    /// @param target receives float32 [3, size, size] from `targetOffset`
    public void normalise(byte[] prepared, int offset, float[] target, int targetOffset) {
        normalise(prepared, offset, FloatBuffer.wrap(target, targetOffset, sizeBytes()));
    }

    /// Computes one side as torchvision's `Resize` of the short side and `CenterCrop` do: the long side is
    /// rounded down, and half pixels of the crop's offset go to the even neighbour.
    private Axis axis(int side, int otherSide) {
        int size = preprocessing.inputSizePixels();
        int shortSide = preprocessing.shortSidePixels();
        int resized = side <= otherSide ? shortSide : (int) ((double) ((long) shortSide * side) / otherSide);
        int from = (int) Math.rint((resized - size) / 2.0);
        return Axis.of(preprocessing.interpolation(), side, resized, from, size);
    }

    /// Computes one side that is resized to the input's size and not cropped.
    private Axis wholeSide(int side) {
        int size = preprocessing.inputSizePixels();
        return Axis.of(preprocessing.interpolation(), side, size, 0, size);
    }

    private static float[] normalisedBySample(Preprocessing preprocessing) {
        float[] table = new float[CHANNELS * 256];
        for (int channel = 0; channel < CHANNELS; channel++) {
            float mean = preprocessing.mean().get(channel).floatValue();
            float std = preprocessing.std().get(channel).floatValue();
            for (int sample = 0; sample < 256; sample++) {
                table[channel << 8 | sample] = (sample / 255f - mean) / std;
            }
        }
        return table;
    }
}

package dev.graft.vision;

import com.twelvemonkeys.imageio.metadata.CompoundDirectory;
import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The entries of a TIFF's first directory, as the library that decodes it reads them: no type or width of a number
/// makes one thing of it for a check and another for the decoder.
final class TiffTags {
    /// All tags that decide pixels; profiles do not.
    private static final Set<Integer> KNOWN = Set.of(
            TIFF.TAG_IMAGE_WIDTH,
            TIFF.TAG_IMAGE_HEIGHT,
            TIFF.TAG_BITS_PER_SAMPLE,
            TIFF.TAG_COMPRESSION,
            TIFF.TAG_PHOTOMETRIC_INTERPRETATION,
            TIFF.TAG_FILL_ORDER,
            TIFF.TAG_STRIP_OFFSETS,
            TIFF.TAG_ORIENTATION,
            TIFF.TAG_SAMPLES_PER_PIXEL,
            TIFF.TAG_ROWS_PER_STRIP,
            TIFF.TAG_STRIP_BYTE_COUNTS,
            TIFF.TAG_PLANAR_CONFIGURATION,
            TIFF.TAG_GROUP3OPTIONS,
            TIFF.TAG_GROUP4OPTIONS,
            TIFF.TAG_PREDICTOR,
            TIFF.TAG_COLOR_MAP,
            TIFF.TAG_TILE_WIDTH,
            TIFF.TAG_TILE_HEIGTH,
            TIFF.TAG_TILE_OFFSETS,
            TIFF.TAG_TILE_BYTE_COUNTS,
            TIFF.TAG_INK_SET,
            TIFF.TAG_NUMBER_OF_INKS,
            TIFF.TAG_EXTRA_SAMPLES,
            TIFF.TAG_SAMPLE_FORMAT,
            TIFF.TAG_JPEG_TABLES,
            TIFF.TAG_JPEG_INTERCHANGE_FORMAT,
            TIFF.TAG_JPEG_INTERCHANGE_FORMAT_LENGTH,
            TIFF.TAG_YCBCR_COEFFICIENTS,
            TIFF.TAG_YCBCR_SUB_SAMPLING,
            TIFF.TAG_YCBCR_POSITIONING,
            TIFF.TAG_REFERENCE_BLACK_WHITE);

    /// The library would make some of its decisions about channels by the meaning of extra ones. Without it, it gives
    /// them all.
    private static final Set<Integer> FOR_DECODING = without(KNOWN, TIFF.TAG_EXTRA_SAMPLES);

    private final Directory directory;

    private TiffTags(Directory directory) {
        this.directory = directory;
    }

    /// Returns the most bytes that reading the entries takes: numbers become wider, fractions objects; and before one
    /// entry is found too large, room for it is made.
    static long workingBytes(int fileSizeBytes) {
        return 6L * Math.min(fileSizeBytes, TiffInput.MAX_ENTRY_BYTES) + fileSizeBytes;
    }

    static TiffTags read(byte[] file) throws UndecodableImageException {
        try (TiffInput input = TiffInput.of(file, KNOWN).forEntriesOnly()) {
            Directory all = new TIFFReader().read(input);
            return new TiffTags(all instanceof CompoundDirectory pages ? pages.getDirectory(0) : all);
        } catch (IOException | RuntimeException e) {
            throw contradictory();
        }
    }

    /// Gives a file to the library that decodes it.
    ///
    /// @param sampleBytes the size of the picture's samples
    static TiffInput inputForDecoding(byte[] file, long sampleBytes) throws UndecodableImageException {
        return TiffInput.of(file, FOR_DECODING).forSamples(sampleBytes);
    }

    boolean has(int tag) {
        return directory.getEntryById(tag) != null;
    }

    /// Returns the number under a tag, or the given one when the tag is absent.
    long number(int tag, long absent) throws UndecodableImageException {
        @Nullable Entry entry = directory.getEntryById(tag);
        if (entry == null) {
            return absent;
        }
        if (entry.getValue() instanceof Number number) {
            return number.longValue();
        }
        throw contradictory();
    }

    /// Returns the numbers under a tag; none when it is absent.
    long[] numbers(int tag) throws UndecodableImageException {
        @Nullable Entry entry = directory.getEntryById(tag);
        return switch (entry == null ? new long[0] : entry.getValue()) {
            case long[] longs -> longs;
            case int[] ints -> IntStream.of(ints).asLongStream().toArray();
            case short[] shorts ->
                IntStream.range(0, shorts.length).mapToLong(i -> shorts[i]).toArray();
            case Number number -> new long[] {number.longValue()};
            default -> throw contradictory();
        };
    }

    /// Returns the bytes under a tag; none when it is absent.
    byte[] bytes(int tag) throws UndecodableImageException {
        @Nullable Entry entry = directory.getEntryById(tag);
        return switch (entry == null ? new byte[0] : entry.getValue()) {
            case byte[] bytes -> bytes;
            default -> throw contradictory();
        };
    }

    private static UndecodableImageException contradictory() {
        return UndecodableImageException.corrupt("its TIFF data contradict themselves");
    }

    private static Set<Integer> without(Set<Integer> tags, int tag) {
        Set<Integer> fewer = new HashSet<>(tags);
        fewer.remove(tag);
        return Set.copyOf(fewer);
    }
}

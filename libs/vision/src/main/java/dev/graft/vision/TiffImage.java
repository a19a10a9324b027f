package dev.graft.vision;

import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import dev.graft.vision.RasterRows.Opacity;
import dev.graft.vision.jpeg.ColourModel;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.Set;

/// Reads the first page of a TIFF file. The library decodes it in bands of rows; what it would take as it comes is
/// checked before: tiles of any size, any number of channels, and numbers that are no samples of light (TIFF 6.0,
/// sections 8, 15 and 19). What consists of JPEGs is read by [TiffJpegImage].
///
/// @param opacity what the last channel means
/// @param besidesBytes what the library holds besides the samples of a band
record TiffImage(
        byte[] file,
        int width,
        int height,
        Orientation orientation,
        Opacity opacity,
        int bytesPerPixel,
        long besidesBytes)
        implements StoredImage {
    private static final long NO_COMPRESSION = 1;

    /// Compressions that the library knows, by the value of their tag; those of JPEG are not among them.
    private static final Set<Long> COMPRESSIONS = Set.of(NO_COMPRESSION, 2L, 3L, 4L, 5L, 8L, 32773L, 32946L);

    private static final Set<Long> DEFLATE = Set.of(8L, 32946L);
    private static final long OLD_JPEG = 6;
    private static final long JPEG = 7;

    private static final int MAX_BITS = 16;
    private static final int MAX_BITS_PER_PIXEL = 64;
    private static final int MAX_PARTS = 1 << 19;

    /// The library makes tables and buffers for each compressed strip or tile, however few pixels it has, which
    /// takes some 70 microseconds.
    private static final int MAX_COMPRESSED_PARTS = 1 << 16;
    private static final long UNSIGNED = 1;
    private static final long UNDEFINED = 4;
    private static final int PLANAR = 2;

    // Meanings of colours (PhotometricInterpretation).
    private static final int WHITE_IS_ZERO = 0;
    private static final int BLACK_IS_ZERO = 1;
    private static final int RGB = 2;
    private static final int PALETTE = 3;
    private static final int SEPARATED = 5;
    private static final int YCBCR = 6;
    private static final Set<Long> LAB = Set.of(8L, 9L, 10L);

    /// The most bytes of samples that are there at one moment; the strips before a band are unpacked again for it.
    private static final long BAND_BYTES = 200_000_000;

    /// What an inflater takes outside of the heap. The library makes one for each strip or tile, and leaves it to the
    /// garbage collector.
    private static final int INFLATER_BYTES = 40 << 10;

    /// Rows of a strip or tile that are held: as stored, unpacked, and of wider numbers.
    private static final int ROW_COPIES = 16;

    static StoredImage open(byte[] file, DecodeLimits limits) throws UndecodableImageException {
        TiffTags tags = TiffTags.read(file);
        long width = tags.number(TIFF.TAG_IMAGE_WIDTH, 0);
        long height = tags.number(TIFF.TAG_IMAGE_HEIGHT, 0);
        limits.checkDimensions(width, height);
        long tileWidth = tags.number(TIFF.TAG_TILE_WIDTH, width);
        long tileHeight =
                tags.number(TIFF.TAG_TILE_HEIGTH, Math.clamp(tags.number(TIFF.TAG_ROWS_PER_STRIP, height), 1, height));
        limits.checkDimensions(tileWidth, tileHeight);
        long parts = Math.ceilDiv(width, tileWidth) * Math.ceilDiv(height, tileHeight);
        checkParts(parts, MAX_PARTS);
        int channels = checkedChannels(tags);
        long compression = tags.number(TIFF.TAG_COMPRESSION, 1);
        Orientation orientation = Orientation.ofTag(tags.number(TIFF.TAG_ORIENTATION, 1));
        boolean isPlanar = tags.number(TIFF.TAG_PLANAR_CONFIGURATION, 1) == PLANAR;
        if (compression == JPEG || compression == OLD_JPEG) {
            if (isPlanar && channels > 1) {
                throw UndecodableImageException.unsupported("TIFF of a JPEG for each channel");
            }
            TiffJpegImage.Layout layout =
                    new TiffJpegImage.Layout((int) width, (int) height, (int) tileWidth, (int) tileHeight);
            return compression == JPEG
                    ? TiffJpegImage.open(file, tags, layout, orientation, jpegColours(tags, channels))
                    : TiffJpegImage.openOld(file, tags, layout, orientation, jpegColours(tags, channels));
        }
        if (!COMPRESSIONS.contains(compression)) {
            throw UndecodableImageException.unsupported("TIFF with compression " + compression);
        }
        int bytesPerPixel = channels * (bits(tags) > 8 ? 2 : 1);
        long compressed = compression == NO_COMPRESSION ? 0 : parts * (isPlanar ? channels : 1);
        checkParts(compressed, MAX_COMPRESSED_PARTS);
        long inflaters = DEFLATE.contains(compression) ? compressed : 0;
        return new TiffImage(
                file,
                (int) width,
                (int) height,
                orientation,
                opacity(tags, channels),
                bytesPerPixel,
                TiffTags.workingBytes(file.length)
                        + inflaters * INFLATER_BYTES
                        + ROW_COPIES * Math.max(tileWidth, width) * bytesPerPixel);
    }

    private static void checkParts(long parts, int most) throws UndecodableImageException {
        if (parts > most) {
            throw UndecodableImageException.unsupported("TIFF of %,d strips or tiles".formatted(parts));
        }
    }

    /// Returns the number of channels, extra ones included, when they are of a kind that is read.
    private static int checkedChannels(TiffTags tags) throws UndecodableImageException {
        for (long format : tags.numbers(TIFF.TAG_SAMPLE_FORMAT)) {
            if (format != UNSIGNED && format != UNDEFINED) {
                throw UndecodableImageException.unsupported("TIFF of numbers with a sign or a fraction");
            }
        }
        long channels = tags.number(TIFF.TAG_SAMPLES_PER_PIXEL, 1);
        long bits = bits(tags);
        int colours = colours(tags);
        boolean takesExtra = tags.number(TIFF.TAG_PHOTOMETRIC_INTERPRETATION, 0) != PALETTE;
        if (channels < colours
                || channels > colours + (takesExtra ? 1 : 0)
                || bits < 1
                || bits > MAX_BITS
                || bits * channels > MAX_BITS_PER_PIXEL) {
            throw UndecodableImageException.unsupported("TIFF with %d channels of %d bits".formatted(channels, bits));
        }
        return (int) channels;
    }

    private static long bits(TiffTags tags) throws UndecodableImageException {
        long[] bits = tags.numbers(TIFF.TAG_BITS_PER_SAMPLE);
        return bits.length == 0 ? 1 : bits[0];
    }

    /// Returns the number of channels that make a colour.
    private static int colours(TiffTags tags) throws UndecodableImageException {
        long meaning = tags.number(TIFF.TAG_PHOTOMETRIC_INTERPRETATION, -1);
        if (LAB.contains(meaning)) {
            return 3;
        }
        return switch ((int) meaning) {
            case WHITE_IS_ZERO, BLACK_IS_ZERO, PALETTE -> 1;
            case RGB, YCBCR -> 3;
            case SEPARATED -> {
                if (tags.number(TIFF.TAG_INK_SET, 1) != 1 || tags.number(TIFF.TAG_NUMBER_OF_INKS, 4) != 4) {
                    throw UndecodableImageException.unsupported("TIFF of inks other than CMYK");
                }
                yield 4;
            }
            default -> throw UndecodableImageException.unsupported("TIFF with colours of kind " + meaning);
        };
    }

    /// Only what the file calls opacity is; an extra channel may as well be infrared light.
    private static Opacity opacity(TiffTags tags, int channels) throws UndecodableImageException {
        long[] extra = tags.numbers(TIFF.TAG_EXTRA_SAMPLES);
        if (channels == colours(tags) || extra.length == 0) {
            return Opacity.NONE;
        }
        return extra[0] == 1 ? Opacity.ASSOCIATED : extra[0] == 2 ? Opacity.PLAIN : Opacity.NONE;
    }

    private static ColourModel jpegColours(TiffTags tags, int channels) throws UndecodableImageException {
        long meaning = tags.number(TIFF.TAG_PHOTOMETRIC_INTERPRETATION, -1);
        if (channels == colours(tags)) {
            switch ((int) meaning) {
                case BLACK_IS_ZERO -> {
                    return ColourModel.GREY;
                }
                case RGB -> {
                    return ColourModel.RGB;
                }
                case YCBCR -> {
                    return ColourModel.YCC;
                }
                case SEPARATED -> {
                    return ColourModel.INKS;
                }
                default -> {}
            }
        }
        throw UndecodableImageException.unsupported(
                "TIFF of JPEGs with %d channels and colours of kind %d".formatted(channels, meaning));
    }

    @Override
    public long workingBytes(Region region) {
        return region.rgbBytes() + ImageIoImage.bandBytes(Region.whole(this), bytesPerPixel, BAND_BYTES) + besidesBytes;
    }

    /// Reads all bands, so that everything is checked, and keeps the region.
    @Override
    public Patch decode(Region region) throws UndecodableImageException {
        byte[] rgb = new byte[Math.toIntExact(region.rgbBytes())];
        int rows = ImageIoImage.rowsPerBand(Region.whole(this), bytesPerPixel, BAND_BYTES);
        for (int top = 0; top < height; top += rows) {
            Rectangle band = new Rectangle(0, top, width, Math.min(rows, height - top));
            Object unused = ImageIoImage.reading(
                    TiffTags.inputForDecoding(file, (long) width * height * bytesPerPixel),
                    ImageFormat.TIFF,
                    () -> new TIFFImageReaderSpi().createReaderInstance(null),
                    reader -> {
                        BufferedImage image = ImageIoImage.read(reader, band);
                        keep(image, band, region, rgb);
                        return image;
                    });
        }
        return new Patch(region.left(), region.top(), new Pixels(region.width(), region.height(), rgb));
    }

    private void keep(BufferedImage image, Rectangle band, Region region, byte[] rgb) {
        int first = Math.max(band.y, region.top());
        int last = Math.min(band.y + band.height, region.top() + region.height());
        if (first < last) {
            int offset = (first - region.top()) * region.width() * 3;
            new RasterRows(image, opacity)
                    .write(first - band.y, last - first, region.left(), region.width(), rgb, offset);
        }
    }
}

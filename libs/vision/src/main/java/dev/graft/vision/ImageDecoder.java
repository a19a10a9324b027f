package dev.graft.vision;

import dev.graft.vision.UndecodableImageException.Reason;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// Decodes the bytes of a picture file to RGB.
///
/// Orientation of Exif and TIFF is applied; grey is replicated; CMYK and YCCK are read as Adobe means them; of
/// 16 bits a channel the upper eight count; transparency lies on white; of animations and pages the first
/// counts; colour profiles are ignored. A JPEG gives the very pixels that Pillow gives.
///
/// What decoding takes of the memory is taken of a [DecodeBudget], that of the process unless another one is given. Who
/// finds it used up waits for a while.
public final class ImageDecoder {
    /// How long somebody waits for memory who has an answer to give meanwhile.
    static final Duration USUAL_PATIENCE = Duration.ofSeconds(4);

    /// What reading a file of any kind takes besides what grows with it: tables, readers, messages.
    private static final long FIXED_BYTES = 512 << 10;

    private final DecodeLimits limits;
    private final DecodeBudget budget;
    private final Duration patience;

    /// Makes a decoder that refuses what is beyond the limits.
    public ImageDecoder(DecodeLimits limits) {
        this(limits, DecodeBudget.ofProcess(), USUAL_PATIENCE);
    }

    /// Makes a decoder with a budget of its own.
    ///
    /// @param patience how long it waits for memory
    public ImageDecoder(DecodeLimits limits, DecodeBudget budget, Duration patience) {
        this.limits = limits;
        this.budget = budget;
        this.patience = patience;
    }

    /// Returns the same decoder with another patience.
    public ImageDecoder waiting(Duration longest) {
        return new ImageDecoder(limits, budget, longest);
    }

    /// Reads the header of a file. Cheap, and no promise that the rest can be decoded.
    ///
    /// @param file the whole file
    /// @throws UndecodableImageException when the format is unknown, the header is damaged, or a limit is passed
    /// @throws DecoderBusyException when the memory for it does not become free in time
    public ImageHeader inspect(byte[] file) throws UndecodableImageException {
        ImageFormat format = formatOf(file);
        StoredImage image = open(file, format);
        return new ImageHeader(
                format,
                image.orientation().uprightWidth(image.width(), image.height()),
                image.orientation().uprightHeight(image.width(), image.height()));
    }

    /// Finds out whether a file can be decoded completely, as cheaply as its format allows: of a JPEG
    /// everything is read and checked, but hardly any pixel is made.
    ///
    /// @param file the whole file
    /// @throws UndecodableImageException exactly when [#decode(byte\[\], Function)] throws it, also for the
    ///     memory that decoding would take
    /// @throws DecoderBusyException when the memory for it does not become free in time
    public ImageHeader verify(byte[] file) throws UndecodableImageException {
        ImageHeader header = inspect(file);
        StoredImage image = open(file, header.format());
        budget.checkPossible(workingBytes(image, whole -> 0) + FIXED_BYTES);
        Region corner = new Region(0, 0, 1, 1);
        try (DecodeBudget.Share _ = admit(image.workingBytes(corner))) {
            Patch unused = image.decode(corner);
        }
        return header;
    }

    /// Decodes a file completely and works on its pixels. Their memory is accounted for until the work is done; they
    /// are not to be kept longer.
    ///
    /// @param file the whole file
    /// @throws UndecodableImageException when it does not hold one complete picture within the limits
    /// @throws DecoderBusyException when the memory for it does not become free in time
    public <T> T decode(byte[] file, Function<Pixels, T> work) throws UndecodableImageException {
        return decode(file, header -> 0, work);
    }

    /// Decodes a file completely and works on its pixels.
    ///
    /// @param workBytes how many bytes the work takes besides the pixels
    <T> T decode(byte[] file, ToLongFunction<Region> workBytes, Function<Pixels, T> work)
            throws UndecodableImageException {
        StoredImage image = open(file);
        try (DecodeBudget.Share _ = admit(workingBytes(image, workBytes))) {
            Patch patch = image.decode(Region.whole(image));
            return work.apply(image.orientation().upright(patch.pixels()));
        }
    }

    /// Returns the most bytes that decoding a picture completely holds at one moment, and working on it afterwards.
    static long workingBytes(StoredImage image, ToLongFunction<Region> workBytes) {
        Region whole = Region.whole(image);
        long uprightBytes = image.orientation() == Orientation.UPRIGHT ? 0 : whole.rgbBytes();
        long afterwards = image.resultBytes(whole) + uprightBytes + workBytes.applyAsLong(whole);
        return Math.max(image.workingBytes(whole), afterwards);
    }

    /// Opens a file and checks its header against the limits.
    StoredImage open(byte[] file) throws UndecodableImageException {
        return open(file, formatOf(file));
    }

    /// Takes memory of the budget.
    DecodeBudget.Share admit(long bytes) throws UndecodableImageException {
        return budget.admit(bytes + FIXED_BYTES, patience);
    }

    private StoredImage open(byte[] file, ImageFormat format) throws UndecodableImageException {
        if (format != ImageFormat.TIFF) {
            return header(file, format);
        }
        // Its header has no bound but the file's size.
        try (DecodeBudget.Share _ = admit(TiffTags.workingBytes(file.length))) {
            return header(file, format);
        }
    }

    private StoredImage header(byte[] file, ImageFormat format) throws UndecodableImageException {
        StoredImage image = switch (format) {
            case JPEG -> JpegImage.open(file);
            case WEBP -> WebpImage.open(file);
            case GIF -> GifImage.open(file);
            case PNG -> PngImage.open(file, limits);
            case BMP -> BmpImage.open(file, limits);
            case TIFF -> TiffImage.open(file, limits);
        };
        limits.checkDimensions(image.width(), image.height());
        return image;
    }

    private ImageFormat formatOf(byte[] file) throws UndecodableImageException {
        if (file.length == 0) {
            throw new UndecodableImageException(Reason.EMPTY, "The file is empty. Copy or download it again.");
        }
        limits.checkSize(file.length);
        return ImageFormat.sniff(file)
                .orElseThrow(() -> new UndecodableImageException(
                        Reason.UNSUPPORTED_FORMAT,
                        "The content is none of JPEG, PNG, GIF, BMP, WebP and TIFF, whatever the file is called. "
                                + "Save the picture as one of these."));
    }
}

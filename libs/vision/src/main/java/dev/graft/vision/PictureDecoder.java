package dev.graft.vision;

import dev.graft.vision.UndecodablePictureException.Reason;
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
public final class PictureDecoder {
    /// How long somebody waits for memory who has an answer to give meanwhile.
    static final Duration USUAL_PATIENCE = Duration.ofSeconds(4);

    /// What reading a file of any kind takes besides what grows with it: tables, readers, messages.
    private static final long FIXED_BYTES = 512 << 10;

    private final DecodeLimits limits;
    private final DecodeBudget budget;
    private final Duration patience;

    /// Makes a decoder that refuses what is beyond the limits.
    public PictureDecoder(DecodeLimits limits) {
        this(limits, DecodeBudget.ofProcess(), USUAL_PATIENCE);
    }

    /// Makes a decoder with a budget of its own.
    ///
    /// @param patience how long it waits for memory
    public PictureDecoder(DecodeLimits limits, DecodeBudget budget, Duration patience) {
        this.limits = limits;
        this.budget = budget;
        this.patience = patience;
    }

    /// Returns the same decoder with another patience.
    public PictureDecoder waiting(Duration longest) {
        return new PictureDecoder(limits, budget, longest);
    }

    /// Reads the header of a file. Cheap, and no promise that the rest can be decoded.
    ///
    /// @param file the whole file
    /// @throws UndecodablePictureException when the format is unknown, the header is damaged, or a limit is passed
    /// @throws DecoderBusyException when the memory for it does not become free in time
    public PictureHeader inspect(byte[] file) throws UndecodablePictureException {
        PictureFormat format = formatOf(file);
        StoredPicture picture = open(file, format);
        return new PictureHeader(
                format,
                picture.orientation().uprightWidth(picture.width(), picture.height()),
                picture.orientation().uprightHeight(picture.width(), picture.height()));
    }

    /// Finds out whether a file can be decoded completely, as cheaply as its format allows: of a JPEG
    /// everything is read and checked, but hardly any pixel is made.
    ///
    /// @param file the whole file
    /// @throws UndecodablePictureException exactly when [#decode(byte\[\], Function)] throws it, also for the
    ///     memory that decoding would take
    /// @throws DecoderBusyException when the memory for it does not become free in time
    public PictureHeader verify(byte[] file) throws UndecodablePictureException {
        PictureHeader header = inspect(file);
        StoredPicture picture = open(file, header.format());
        budget.checkPossible(workingBytes(picture, whole -> 0) + FIXED_BYTES);
        Region corner = new Region(0, 0, 1, 1);
        try (DecodeBudget.Share _ = admit(picture.workingBytes(corner))) {
            Patch unused = picture.decode(corner);
        }
        return header;
    }

    /// Decodes a file completely and works on its pixels. Their memory is accounted for until the work is done; they
    /// are not to be kept longer.
    ///
    /// @param file the whole file
    /// @throws UndecodablePictureException when it does not hold one complete picture within the limits
    /// @throws DecoderBusyException when the memory for it does not become free in time
    public <T> T decode(byte[] file, Function<Pixels, T> work) throws UndecodablePictureException {
        return decode(file, header -> 0, work);
    }

    /// Decodes a file completely and works on its pixels.
    ///
    /// @param workBytes how many bytes the work takes besides the pixels
    <T> T decode(byte[] file, ToLongFunction<Region> workBytes, Function<Pixels, T> work)
            throws UndecodablePictureException {
        StoredPicture picture = open(file);
        try (DecodeBudget.Share _ = admit(workingBytes(picture, workBytes))) {
            Patch patch = picture.decode(Region.whole(picture));
            return work.apply(picture.orientation().upright(patch.pixels()));
        }
    }

    /// Returns the most bytes that decoding a picture completely holds at one moment, and working on it afterwards.
    static long workingBytes(StoredPicture picture, ToLongFunction<Region> workBytes) {
        Region whole = Region.whole(picture);
        long uprightBytes = picture.orientation() == Orientation.UPRIGHT ? 0 : whole.rgbBytes();
        long afterwards = picture.resultBytes(whole) + uprightBytes + workBytes.applyAsLong(whole);
        return Math.max(picture.workingBytes(whole), afterwards);
    }

    /// Opens a file and checks its header against the limits.
    StoredPicture open(byte[] file) throws UndecodablePictureException {
        return open(file, formatOf(file));
    }

    /// Takes memory of the budget.
    DecodeBudget.Share admit(long bytes) throws UndecodablePictureException {
        return budget.admit(bytes + FIXED_BYTES, patience);
    }

    private StoredPicture open(byte[] file, PictureFormat format) throws UndecodablePictureException {
        if (format != PictureFormat.TIFF) {
            return header(file, format);
        }
        // Its header has no bound but the file's size.
        try (DecodeBudget.Share _ = admit(TiffTags.workingBytes(file.length))) {
            return header(file, format);
        }
    }

    private StoredPicture header(byte[] file, PictureFormat format) throws UndecodablePictureException {
        StoredPicture picture = switch (format) {
            case JPEG -> JpegPicture.open(file);
            case WEBP -> WebpPicture.open(file);
            case GIF -> GifPicture.open(file);
            case PNG -> PngPicture.open(file, limits);
            case BMP -> BmpPicture.open(file, limits);
            case TIFF -> TiffPicture.open(file, limits);
        };
        limits.checkDimensions(picture.width(), picture.height());
        return picture;
    }

    private PictureFormat formatOf(byte[] file) throws UndecodablePictureException {
        if (file.length == 0) {
            throw new UndecodablePictureException(Reason.EMPTY, "The file is empty. Copy or download it again.");
        }
        limits.checkSize(file.length);
        return PictureFormat.sniff(file)
                .orElseThrow(() -> new UndecodablePictureException(
                        Reason.UNSUPPORTED_FORMAT,
                        "The content is none of JPEG, PNG, GIF, BMP, WebP and TIFF, whatever the file is called. "
                                + "Save the picture as one of these."));
    }
}

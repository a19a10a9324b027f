package dev.graft.vision;

import dev.graft.vision.UndecodablePictureException.Reason;

/// Decodes the bytes of a picture file to RGB.
///
/// Orientation of Exif and TIFF is applied; grey is replicated; CMYK and YCCK are read as Adobe means them; of 16 bits
/// a
/// channel the upper eight count; transparency lies on white; of animations and pages the first counts; colour profiles
/// are ignored. A JPEG gives the very pixels that Pillow gives.
public final class PictureDecoder {
    private final DecodeLimits limits;

    /// Makes a decoder that refuses what is beyond the limits.
    public PictureDecoder(DecodeLimits limits) {
        this.limits = limits;
    }

    /// Reads the header of a file. Cheap, and no promise that the rest can be decoded.
    ///
    /// @param file the whole file
    /// @throws UndecodablePictureException when the format is unknown, the header is damaged, or a limit is passed
    public PictureHeader inspect(byte[] file) throws UndecodablePictureException {
        PictureFormat format = formatOf(file);
        StoredPicture picture = open(file, format);
        return new PictureHeader(
                format,
                picture.orientation().uprightWidth(picture.width(), picture.height()),
                picture.orientation().uprightHeight(picture.width(), picture.height()));
    }

    /// Finds out whether a file can be decoded completely, as cheaply as its format allows: of a JPEG everything is
    /// read
    /// and checked, but hardly any pixel is made.
    ///
    /// @param file the whole file
    /// @throws UndecodablePictureException exactly when [#decode(byte\[\])] throws it
    public PictureHeader verify(byte[] file) throws UndecodablePictureException {
        PictureHeader header = inspect(file);
        open(file, header.format()).decode(new Region(0, 0, 1, 1));
        return header;
    }

    /// Decodes a file completely.
    ///
    /// @param file the whole file
    /// @throws UndecodablePictureException when it does not hold one complete picture within the limits
    public Pixels decode(byte[] file) throws UndecodablePictureException {
        StoredPicture picture = open(file, formatOf(file));
        Patch whole = picture.decode(Region.whole(picture.width(), picture.height()));
        return picture.orientation().upright(whole.pixels());
    }

    /// Opens a file and checks its header against the limits.
    StoredPicture open(byte[] file) throws UndecodablePictureException {
        return open(file, formatOf(file));
    }

    private StoredPicture open(byte[] file, PictureFormat format) throws UndecodablePictureException {
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

package dev.graft.vision;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/// Reads a file through ImageIO, in memory only. A warning of a reader counts as damage, for it means that pixels are
/// missing.
///
/// The reader's samples may be wider than the pixels made of them. So a huge picture is read in bands of rows: twice
/// the time is better than twice the memory.
///
/// @param source makes what the reader is given
/// @param bytesPerPixel how wide the reader's samples are, together
/// @param besidesBytes what the reader holds besides them
/// @param margins makes a region of one that touches every part of the data, so that all are checked
record ImageIoImage(
        Source source,
        ImageFormat format,
        int width,
        int height,
        Orientation orientation,
        int bytesPerPixel,
        long besidesBytes,
        Margins margins)
        implements StoredImage {
    /// The most bytes of samples that are there at one moment: a hundred megapixels of 8 bits with transparency.
    private static final long BAND_BYTES = 400_000_000;

    /// Makes the bytes that a reader is given, which may be the file.
    interface Source {
        byte[] bytes();
    }

    /// Widens a region.
    interface Margins {
        Region around(Region region);
    }

    /// Does something with a reader.
    interface Reading<T> {
        T from(ImageReader reader) throws IOException;
    }

    /// Makes a reader.
    interface Readers {
        ImageReader create() throws IOException;
    }

    @Override
    public long workingBytes(Region region) {
        Region read = margins.around(region);
        return bandBytes(read, bytesPerPixel, BAND_BYTES) + read.rgbBytes() + besidesBytes;
    }

    @Override
    public long resultBytes(Region region) {
        return margins.around(region).rgbBytes();
    }

    @Override
    public Patch decode(Region region) throws UndecodableImageException {
        Region read = margins.around(region);
        byte[] rgb = new byte[Math.toIntExact(read.rgbBytes())];
        byte[] file = source.bytes();
        int rows = rowsPerBand(read, bytesPerPixel, BAND_BYTES);
        for (int top = 0; top < read.height(); top += rows) {
            Rectangle band =
                    new Rectangle(read.left(), read.top() + top, read.width(), Math.min(rows, read.height() - top));
            int offset = top * read.width() * 3;
            Object unused = reading(new ByteArrayImageInputStream(file), format, this::reader, reader -> {
                BufferedImage image = read(reader, band);
                new RasterRows(image, RasterRows.usualOpacity(image)).write(rgb, offset);
                return image;
            });
        }
        return new Patch(read.left(), read.top(), new Pixels(read.width(), read.height(), rgb));
    }

    private ImageReader reader() {
        return reader(format);
    }

    static ImageReader reader(ImageFormat format) {
        return ImageIO.getImageReadersByFormatName(format.name()).next();
    }

    /// Returns how many rows of a region make a band, at least one.
    static int rowsPerBand(Region region, int bytesPerPixel, long mostBytes) {
        long rowBytes = (long) region.width() * bytesPerPixel;
        return Math.clamp(mostBytes / rowBytes, 1, region.height());
    }

    /// Returns the size of a band's samples.
    static long bandBytes(Region region, int bytesPerPixel, long mostBytes) {
        return (long) rowsPerBand(region, bytesPerPixel, mostBytes) * region.width() * bytesPerPixel;
    }

    static BufferedImage read(ImageReader reader, Rectangle region) throws IOException {
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        ImageReadParam parameters = reader.getDefaultReadParam();
        parameters.setSourceRegion(region);
        BufferedImage image = reader.read(0, parameters);
        if (!warnings.isEmpty()) {
            throw new IIOException(warnings.getFirst());
        }
        return image;
    }

    static <T> T reading(ImageInputStream input, ImageFormat format, Readers readers, Reading<T> reading)
            throws UndecodableImageException {
        @Nullable ImageReader reader = null;
        try (input) {
            reader = readers.create();
            reader.setInput(input, true, true);
            return reading.from(reader);
        } catch (IOException | RuntimeException e) {
            throw e instanceof EOFException || e.getCause() instanceof EOFException
                    ? UndecodableImageException.truncated("it ends before the picture does")
                    : UndecodableImageException.corrupt("its " + format + " data contradict themselves");
        } finally {
            if (reader != null) {
                reader.dispose();
            }
        }
    }
}

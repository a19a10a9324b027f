package dev.graft.vision;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/// Reads a file through ImageIO, in memory only. A warning of a reader counts as damage, for it means that pixels are
/// missing.
record ImageIoPicture(byte[] file, PictureFormat format, int width, int height, Orientation orientation)
        implements StoredPicture {

    static ImageIoPicture open(byte[] file, PictureFormat format) throws UndecodablePictureException {
        return reading(
                file,
                format,
                reader -> new ImageIoPicture(
                        file, format, reader.getWidth(0), reader.getHeight(0), Exif.orientation(file, format)));
    }

    @Override
    public Patch decode(Region region) throws UndecodablePictureException {
        return new Patch(0, 0, decode(file, format).onWhite());
    }

    static Rgba decode(byte[] file, PictureFormat format) throws UndecodablePictureException {
        return reading(file, format, reader -> {
            List<String> warnings = new ArrayList<>();
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            BufferedImage image = reader.read(0);
            if (!warnings.isEmpty()) {
                throw new IIOException(warnings.getFirst());
            }
            return rgba(image);
        });
    }

    private interface Reading<T> {
        T from(ImageReader reader) throws IOException;
    }

    private static <T> T reading(byte[] file, PictureFormat format, Reading<T> reading)
            throws UndecodablePictureException {
        @Nullable ImageReader reader = null;
        try (MemoryCacheImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader = switch (format) {
                case TIFF -> new TIFFImageReaderSpi().createReaderInstance(null);
                case PNG, BMP, JPEG, GIF, WEBP ->
                    ImageIO.getImageReadersByFormatName(format.name()).next();
            };
            reader.setInput(input, true, true);
            return reading.from(reader);
        } catch (IOException | RuntimeException e) {
            throw e instanceof EOFException || e.getCause() instanceof EOFException
                    ? UndecodablePictureException.truncated("it ends before the picture does")
                    : UndecodablePictureException.corrupt("its " + format + " data contradict themselves");
        } finally {
            if (reader != null) {
                reader.dispose();
            }
        }
    }

    private static Rgba rgba(BufferedImage image) {
        Raster raster = image.getRaster();
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        byte[] alpha = new byte[width * height];
        Arrays.fill(alpha, (byte) 0xFF);
        int[] row = new int[width * raster.getNumBands()];
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            int shift = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
            if (image.getColorModel() instanceof IndexColorModel palette) {
                takePalette(row, palette, rgb, alpha, y * width);
            } else if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_CMYK) {
                takeInks(row, raster.getNumBands(), shift, rgb, y * width * 3);
            } else {
                takeSamples(row, raster.getNumBands(), shift, rgb, alpha, y * width);
            }
        }
        return new Rgba(width, height, rgb, alpha);
    }

    private static void takePalette(int[] row, IndexColorModel palette, byte[] rgb, byte[] alpha, int first) {
        for (int x = 0; x < row.length; x++) {
            int to = (first + x) * 3;
            rgb[to] = (byte) palette.getRed(row[x]);
            rgb[to + 1] = (byte) palette.getGreen(row[x]);
            rgb[to + 2] = (byte) palette.getBlue(row[x]);
            alpha[first + x] = (byte) palette.getAlpha(row[x]);
        }
    }

    /// Takes grey (1 band), grey and alpha (2), RGB (3) or RGB and alpha (4); of wide samples the upper eight bits.
    private static void takeSamples(int[] row, int bands, int shift, byte[] rgb, byte[] alpha, int first) {
        boolean isGrey = bands < 3;
        boolean hasAlpha = bands == 2 || bands == 4;
        for (int from = 0, pixel = first; from < row.length; from += bands, pixel++) {
            rgb[pixel * 3] = (byte) (row[from] >> shift);
            rgb[pixel * 3 + 1] = (byte) (row[isGrey ? from : from + 1] >> shift);
            rgb[pixel * 3 + 2] = (byte) (row[isGrey ? from : from + 2] >> shift);
            if (hasAlpha) {
                alpha[pixel] = (byte) (row[from + bands - 1] >> shift);
            }
        }
    }

    /// Takes cyan, magenta, yellow and black, and no bands behind them, as Pillow does (`cmyk2rgb` in `Convert.c`).
    private static void takeInks(int[] row, int bands, int shift, byte[] rgb, int first) {
        for (int from = 0, to = first; from < row.length; from += bands) {
            int through = 255 - (row[from + 3] >> shift);
            for (int i = 0; i < 3; i++, to++) {
                int product = (row[from + i] >> shift) * through + 128;
                rgb[to] = (byte) Math.clamp(through - (((product >> 8) + product) >> 8), 0, 255);
            }
        }
    }
}

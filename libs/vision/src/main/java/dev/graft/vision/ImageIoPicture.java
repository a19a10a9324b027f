package dev.graft.vision;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/// Reads a file through ImageIO, in memory only. A warning of a reader counts as damage, for it means that pixels are
/// missing.
record ImageIoPicture(byte[] file, PictureFormat format, int width, int height, Orientation orientation)
        implements StoredPicture {

    static ImageIoPicture open(byte[] file, PictureFormat format, DecodeLimits limits)
            throws UndecodablePictureException {
        return reading(file, format, reader -> {
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            return new ImageIoPicture(file, format, width, height, Exif.orientation(file, format));
        });
    }

    @Override
    public Patch decode(Region region) throws UndecodablePictureException {
        return reading(file, format, reader -> {
            StringBuilder warnings = new StringBuilder();
            reader.addIIOReadWarningListener((IIOReadWarningListener) (source, warning) -> warnings.append(warning));
            BufferedImage image = reader.read(0);
            if (!warnings.isEmpty()) {
                throw new IOException(warnings.toString());
            }
            return new Patch(0, 0, rgb(image));
        });
    }

    private interface Reading<T> {
        T from(ImageReader reader) throws IOException, UndecodablePictureException;
    }

    private static <T> T reading(byte[] file, PictureFormat format, Reading<T> reading)
            throws UndecodablePictureException {
        @Nullable ImageReader reader = null;
        try (MemoryCacheImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader = switch (format) {
                case JPEG -> ImageIO.getImageReadersByFormatName("jpeg").next();
                case WEBP -> new WebPImageReaderSpi().createReaderInstance(null);
                case TIFF -> new TIFFImageReaderSpi().createReaderInstance(null);
                case PNG -> ImageIO.getImageReadersByFormatName("png").next();
                case GIF -> ImageIO.getImageReadersByFormatName("gif").next();
                case BMP -> ImageIO.getImageReadersByFormatName("bmp").next();
            };
            reader.setInput(input, true, true);
            return reading.from(reader);
        } catch (EOFException e) {
            throw UndecodablePictureException.truncated("it ends before the picture does");
        } catch (IOException | RuntimeException e) {
            throw UndecodablePictureException.corrupt("its " + format + " data cannot be decoded");
        } finally {
            if (reader != null) {
                reader.dispose();
            }
        }
    }

    private static Pixels rgb(BufferedImage image) {
        Raster raster = image.getRaster();
        int width = raster.getWidth();
        int height = raster.getHeight();
        int bands = raster.getNumBands();
        int shift = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
        byte[] rgb = new byte[width * height * 3];
        int[] row = new int[width * bands];
        IndexColorModel palette = image.getColorModel() instanceof IndexColorModel index ? index : null;
        for (int y = 0, to = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++, to += 3) {
                int from = x * bands;
                int alpha = 255;
                int red;
                int green;
                int blue;
                if (palette != null) {
                    red = palette.getRed(row[from]);
                    green = palette.getGreen(row[from]);
                    blue = palette.getBlue(row[from]);
                    alpha = palette.getAlpha(row[from]);
                } else if (bands < 3) {
                    red = row[from] >> shift;
                    green = red;
                    blue = red;
                    alpha = bands == 2 ? row[from + 1] >> shift : 255;
                } else {
                    red = row[from] >> shift;
                    green = row[from + 1] >> shift;
                    blue = row[from + 2] >> shift;
                    alpha = bands == 4 ? row[from + 3] >> shift : 255;
                }
                rgb[to] = onWhite(red, alpha);
                rgb[to + 1] = onWhite(green, alpha);
                rgb[to + 2] = onWhite(blue, alpha);
            }
        }
        return new Pixels(width, height, rgb);
    }

    static byte onWhite(int sample, int alpha) {
        return (byte) ((sample * alpha + 255 * (255 - alpha) + 127) / 255);
    }
}

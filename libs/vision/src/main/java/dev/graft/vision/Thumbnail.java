package dev.graft.vision;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Makes small JPEG files of pictures, for people to look at.
public final class Thumbnail {
    private static final float QUALITY = 0.85f;

    private Thumbnail() {}

    /// Shrinks a picture file until both sides fit, never enlarging it, and encodes it as JPEG.
    ///
    /// @param file the whole file
    /// @param maxSidePixels greatest width and height of the thumbnail
    /// @return a JPEG file
    /// @throws UndecodableImageException when the file does not hold one complete picture within the limits
    /// @throws DecoderBusyException when the memory for it does not become free in time
    public static byte[] jpeg(ImageDecoder decoder, byte[] file, int maxSidePixels) throws UndecodableImageException {
        if (maxSidePixels < 1) {
            throw new IllegalArgumentException("maxSidePixels must be positive");
        }
        return decoder.decode(file, whole -> workingBytes(whole, maxSidePixels), pixels -> jpeg(pixels, maxSidePixels));
    }

    /// Shrinks a picture until both sides fit, never enlarging it, and encodes it as JPEG.
    ///
    /// @param maxSidePixels greatest width and height of the thumbnail
    /// @return a JPEG file
    public static byte[] jpeg(Pixels pixels, int maxSidePixels) {
        return encode(shrink(pixels, maxSidePixels));
    }

    /// Returns the most bytes that shrinking and encoding hold at one moment besides the picture: rows narrowed to the
    /// thumbnail's width, the thumbnail, its copy to be encoded, and the file.
    private static long workingBytes(Region whole, int maxSidePixels) {
        long longSide = Math.max(whole.width(), whole.height());
        long side = Math.min(longSide, maxSidePixels);
        return 3 * longSide * side + 10 * side * side;
    }

    private static Pixels shrink(Pixels pixels, int maxSidePixels) {
        int longSide = Math.max(pixels.widthPixels(), pixels.heightPixels());
        if (longSide <= maxSidePixels) {
            return pixels;
        }
        int width = scaled(pixels.widthPixels(), maxSidePixels, longSide);
        int height = scaled(pixels.heightPixels(), maxSidePixels, longSide);
        Axis columns = Axis.of(Interpolation.BICUBIC, pixels.widthPixels(), width, 0, width);
        Axis rows = Axis.of(Interpolation.BICUBIC, pixels.heightPixels(), height, 0, height);
        byte[] rgb = new byte[width * height * 3];
        Resampler.resample(new Patch(0, 0, pixels), columns, rows, rgb, 0);
        return new Pixels(width, height, rgb);
    }

    private static int scaled(int side, int maxSidePixels, int longSide) {
        return Math.max(1, (int) Math.round((double) side * maxSidePixels / longSide));
    }

    private static byte[] encode(Pixels pixels) {
        BufferedImage image =
                new BufferedImage(pixels.widthPixels(), pixels.heightPixels(), BufferedImage.TYPE_3BYTE_BGR);
        int[] row = new int[pixels.widthPixels() * 3];
        for (int y = 0, from = 0; y < pixels.heightPixels(); y++) {
            for (int i = 0; i < row.length; i++, from++) {
                row[i] = pixels.rgb()[from] & 0xFF;
            }
            image.getRaster().setPixels(0, y, pixels.widthPixels(), 1, row);
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream output = new MemoryCacheImageOutputStream(file)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(QUALITY);
            writer.setOutput(output);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory does not fail", e);
        } finally {
            writer.dispose();
        }
        return file.toByteArray();
    }
}

package dev.graft.vision;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import javax.imageio.IIOImage;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageWriterSpi;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Makes picture files of every format at random: sizes, colours, compressions, tiles, progression.
final class GeneratedImages {
    private static final int MAX_SIDE_PIXELS = 120;
    private static final List<Integer> TYPES = List.of(
            BufferedImage.TYPE_INT_RGB,
            BufferedImage.TYPE_BYTE_GRAY,
            BufferedImage.TYPE_BYTE_INDEXED,
            BufferedImage.TYPE_BYTE_BINARY,
            BufferedImage.TYPE_4BYTE_ABGR,
            BufferedImage.TYPE_USHORT_GRAY);

    private GeneratedImages() {}

    static byte[] any(Random random) {
        ImageFormat[] formats = ImageFormat.values();
        return of(formats[random.nextInt(formats.length)], random);
    }

    static byte[] of(ImageFormat format, Random random) {
        return switch (format) {
            case WEBP -> plainWebp(1 + random.nextInt(400), 1 + random.nextInt(400), random);
            case JPEG -> written(format, image(random, 2), random);
            case BMP -> written(format, image(random, 4), random);
            case GIF -> written(format, image(random, 4), random);
            case PNG, TIFF -> written(format, image(random, TYPES.size()), random);
        };
    }

    private static BufferedImage image(Random random, int types) {
        int width = 1 + random.nextInt(MAX_SIDE_PIXELS);
        int height = 1 + random.nextInt(MAX_SIDE_PIXELS);
        BufferedImage image = new BufferedImage(width, height, TYPES.get(random.nextInt(types)));
        int noise = 1 << random.nextInt(24);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, 0xFF000000 | x * 0x20300 + y * 0x102 + random.nextInt(noise));
            }
        }
        return image;
    }

    /// A TIFF of several tiles, each of them a JPEG.
    static byte[] tiffOfJpegs(Random random) {
        ImageWriter writer = writer(ImageFormat.TIFF);
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionType("JPEG");
        parameters.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setTiling(16, 16, 0, 0);
        return written(writer, image(random, 1), parameters);
    }

    private static byte[] written(ImageFormat format, BufferedImage image, Random random) {
        ImageWriter writer = writer(format);
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        if (parameters.canWriteCompressed() && format != ImageFormat.BMP && format != ImageFormat.GIF) {
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            if (format == ImageFormat.TIFF) {
                List<String> kinds = List.of("LZW", "Deflate", "ZLib", "PackBits", "JPEG");
                boolean isPlain = image.getType() == BufferedImage.TYPE_INT_RGB;
                parameters.setCompressionType(kinds.get(random.nextInt(isPlain ? 5 : 4)));
            }
        }
        if (parameters.canWriteTiles() && random.nextBoolean()) {
            parameters.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setTiling(16 << random.nextInt(3), 16 << random.nextInt(3), 0, 0);
        }
        if (parameters.canWriteProgressive()) {
            boolean progressive = random.nextBoolean();
            parameters.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
        }
        return written(writer, image, parameters);
    }

    private static byte[] written(ImageWriter writer, BufferedImage image, ImageWriteParam parameters) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream output = new MemoryCacheImageOutputStream(file)) {
            writer.setOutput(output);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return file.toByteArray();
    }

    /// Takes the platform's own writers: the other ones of TIFF write no tiles.
    private static ImageWriter writer(ImageFormat format) {
        return StreamSupport.stream(
                        ((Iterable<ImageWriterSpi>) () -> IIORegistry.getDefaultInstance()
                                        .getServiceProviders(ImageWriterSpi.class, true))
                                .spliterator(),
                        false)
                .filter(spi -> spi.getClass().getName().startsWith("com.sun."))
                .filter(spi -> List.of(spi.getFormatNames()).contains(format.name()))
                .map(spi -> {
                    try {
                        return spi.createWriterInstance();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .findFirst()
                .orElseThrow();
    }

    /// A lossless WebP of one colour: codes of a single symbol take no bits.
    static byte[] plainWebp(int width, int height, Random random) {
        LittleBits bits = new LittleBits();
        bits.put(0x2F, 8);
        bits.put(width - 1, 14);
        bits.put(height - 1, 14);
        bits.put(0, 4); // no alpha, version 0
        bits.put(0, 1); // no transform
        bits.put(0, 1); // no colour cache
        bits.put(0, 1); // one group
        for (int code = 0; code < 5; code++) {
            bits.put(1, 1); // simple
            bits.put(0, 1); // one symbol
            bits.put(1, 1); // of eight bits
            bits.put(code == 4 ? 0 : random.nextInt(256), 8);
        }
        byte[] data = bits.bytes();
        ByteBuffer file =
                ByteBuffer.allocate(20 + data.length + (data.length & 1)).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(file.capacity() - 8)
                .put("WEBPVP8L".getBytes(StandardCharsets.US_ASCII))
                .putInt(data.length)
                .put(data);
        return file.array();
    }
}

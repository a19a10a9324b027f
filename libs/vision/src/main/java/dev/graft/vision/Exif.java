package dev.graft.vision;

import java.nio.ByteOrder;

/// Finds the orientation in the metadata of a file. Damaged metadata is as none: it does not make a picture unreadable.
final class Exif {
    private static final int MAX_BLOCKS = 10_000;

    private Exif() {}

    static Orientation orientation(byte[] file, ImageFormat format) {
        long tiff = switch (format) {
            case JPEG -> inJpeg(file);
            case PNG -> inPng(file);
            case WEBP -> inWebp(file);
            case GIF, BMP, TIFF -> -1;
        };
        return tiff < 0
                ? Orientation.UPRIGHT
                : Orientation.ofTag(new ExifDirectory(file, tiff).number(ExifDirectory.ORIENTATION, 1));
    }

    /// Walks the segments before the first scan (ITU-T T.81, B.1.1).
    private static long inJpeg(byte[] file) {
        ByteReader reader = new ByteReader(file, ByteOrder.BIG_ENDIAN);
        long at = 2;
        for (int i = 0; i < MAX_BLOCKS && at < file.length; i++) {
            if (reader.u8(at) != 0xFF || reader.u8(at + 1) == 0xFF || reader.u8(at + 1) == 0) {
                at++;
                continue;
            }
            int marker = reader.u8(at + 1);
            if (marker == 0xDA || marker == 0xD9) {
                return -1;
            }
            if (marker == 0xE1 && isExif(reader, at + 4)) {
                return at + 10;
            }
            at += marker >= 0xD0 && marker <= 0xD8 ? 2 : 2 + reader.u16(at + 2);
        }
        return -1;
    }

    /// Walks the chunks up to the pixels and beyond: `eXIf` may stand on either side (PNG, third edition, 11.3.4.5).
    private static long inPng(byte[] file) {
        ByteReader reader = new ByteReader(file, ByteOrder.BIG_ENDIAN);
        long at = 8;
        for (int i = 0; i < MAX_BLOCKS && at < file.length; i++) {
            if (reader.u32(at + 4) == fourCharacters("eXIf")) {
                return isExif(reader, at + 8) ? at + 14 : at + 8;
            }
            at += 12 + reader.u32(at);
        }
        return -1;
    }

    private static long inWebp(byte[] file) {
        ByteReader lengths = new ByteReader(file, ByteOrder.LITTLE_ENDIAN);
        ByteReader names = new ByteReader(file, ByteOrder.BIG_ENDIAN);
        long at = 12;
        for (int i = 0; i < MAX_BLOCKS && at < file.length; i++) {
            if (names.u32(at) == fourCharacters("EXIF")) {
                return isExif(names, at + 8) ? at + 14 : at + 8;
            }
            long sizeBytes = lengths.u32(at + 4);
            at += 8 + sizeBytes + (sizeBytes & 1);
        }
        return -1;
    }

    private static boolean isExif(ByteReader reader, long at) {
        return reader.u32(at) == fourCharacters("Exif") && reader.u16(at + 4) == 0;
    }

    private static long fourCharacters(String name) {
        return (long) name.charAt(0) << 24 | name.charAt(1) << 16 | name.charAt(2) << 8 | name.charAt(3);
    }
}

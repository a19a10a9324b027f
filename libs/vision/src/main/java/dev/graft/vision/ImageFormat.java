package dev.graft.vision;

import java.util.Optional;

/// Names a file format, known by its content and never by a file's name or a declared type.
public enum ImageFormat {
    /// Baseline and progressive JPEG.
    JPEG("image/jpeg"),
    /// PNG; of an animation the default picture.
    PNG("image/png"),
    /// GIF; of an animation the first frame.
    GIF("image/gif"),
    /// Windows bitmap.
    BMP("image/bmp"),
    /// WebP, lossy and lossless; of an animation the first frame.
    WEBP("image/webp"),
    /// TIFF and BigTIFF; the first page.
    TIFF("image/tiff");

    private final String mediaType;

    ImageFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    /// Returns the registered media type, such as `image/jpeg`.
    public String mediaType() {
        return mediaType;
    }

    /// Recognises a format by its first bytes; eighteen are enough.
    public static Optional<ImageFormat> sniff(byte[] file) {
        if (starts(file, 0, 0xFF, 0xD8, 0xFF)) {
            return Optional.of(JPEG);
        }
        if (starts(file, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n')) {
            return Optional.of(PNG);
        }
        if (starts(file, 0, 'G', 'I', 'F', '8', '7', 'a') || starts(file, 0, 'G', 'I', 'F', '8', '9', 'a')) {
            return Optional.of(GIF);
        }
        if (starts(file, 0, 'R', 'I', 'F', 'F') && starts(file, 8, 'W', 'E', 'B', 'P')) {
            return Optional.of(WEBP);
        }
        if (starts(file, 0, 'I', 'I', 42, 0) || starts(file, 0, 'M', 'M', 0, 42)) {
            return Optional.of(TIFF);
        }
        // BigTIFF, with offsets of eight bytes.
        if (starts(file, 0, 'I', 'I', 43, 0, 8, 0) || starts(file, 0, 'M', 'M', 0, 43, 0, 8)) {
            return Optional.of(TIFF);
        }
        // "BM" alone is too common; the size of the information header that follows the file header is 12 … 124.
        if (starts(file, 0, 'B', 'M') && file.length > 17 && file[14] >= 12 && starts(file, 15, 0, 0, 0)) {
            return Optional.of(BMP);
        }
        return Optional.empty();
    }

    private static boolean starts(byte[] file, int offset, int... signature) {
        if (file.length < offset + signature.length) {
            return false;
        }
        for (int i = 0; i < signature.length; i++) {
            if (file[offset + i] != (byte) signature[i]) {
                return false;
            }
        }
        return true;
    }
}

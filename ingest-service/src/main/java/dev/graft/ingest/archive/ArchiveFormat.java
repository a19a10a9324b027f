package dev.graft.ingest.archive;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Names the archive formats, known by content and never by a declared type.
public enum ArchiveFormat {
    ZIP,
    TAR,
    TAR_GZIP;

    private static final int TAR_BLOCK_BYTES = 512;

    /// Recognises the format of a file; empty when it is none of these.
    public static Optional<ArchiveFormat> of(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            byte[] start = in.readNBytes(TAR_BLOCK_BYTES);
            if (startsWith(start, 'P', 'K', 3, 4) || startsWith(start, 'P', 'K', 5, 6)) {
                return Optional.of(ZIP);
            }
            if (isTar(start)) {
                return Optional.of(TAR);
            }
        }
        return isGzippedTar(file) ? Optional.of(TAR_GZIP) : Optional.empty();
    }

    private static boolean isGzippedTar(Path file) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return isTar(in.readNBytes(TAR_BLOCK_BYTES));
        } catch (ZipException | EOFException notGzip) {
            return false;
        }
    }

    /// A tar without entries is nothing but zeros.
    private static boolean isTar(byte[] start) {
        return start.length == TAR_BLOCK_BYTES
                && (TarArchiveInputStream.matches(start, start.length) || hasTarChecksum(start) || isZero(start));
    }

    /// Archives older than `ustar` have no signature, only the sum of the header's bytes at 148, in octal.
    private static boolean hasTarChecksum(byte[] block) {
        long sum = 0;
        for (int i = 0; i < block.length; i++) {
            sum += i >= 148 && i < 156 ? ' ' : Byte.toUnsignedInt(block[i]);
        }
        String octal = new String(block, 148, 8, StandardCharsets.US_ASCII)
                .replace('\0', ' ')
                .strip();
        return octal.matches("[0-7]{1,7}") && Long.parseLong(octal, 8) == sum && block[0] != 0;
    }

    private static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean startsWith(byte[] bytes, int... signature) {
        if (bytes.length < signature.length) {
            return false;
        }
        for (int i = 0; i < signature.length; i++) {
            if (bytes[i] != (byte) signature[i]) {
                return false;
            }
        }
        return true;
    }
}

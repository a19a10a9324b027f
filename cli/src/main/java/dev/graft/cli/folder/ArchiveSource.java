package dev.graft.cli.folder;

import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.LongConsumer;

/// An archive file; what it is, its first bytes say and not its name.
record ArchiveSource(Path file, String mediaType, long sizeBytes) implements ImageSource {
    private static final byte[] ZIP = {'P', 'K'};
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final byte[] TAR = "ustar".getBytes(StandardCharsets.US_ASCII);
    private static final int TAR_OFFSET_BYTES = 257;
    private static final Map<String, byte[]> FOREIGN = Map.of(
            "RAR", new byte[] {'R', 'a', 'r', '!', 0x1a, 7},
            "7z", new byte[] {'7', 'z', (byte) 0xbc, (byte) 0xaf, 0x27, 0x1c},
            "xz", new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0},
            "bzip2", new byte[] {'B', 'Z', 'h'},
            "Zstandard", new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd});

    static ArchiveSource sniff(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(TAR_OFFSET_BYTES + TAR.length);
        }
        return new ArchiveSource(file, mediaType(file, head), Files.size(file));
    }

    private static String mediaType(Path file, byte[] head) {
        if (has(head, 0, ZIP)) {
            return "application/zip";
        }
        if (has(head, 0, GZIP)) {
            return "application/gzip";
        }
        if (has(head, TAR_OFFSET_BYTES, TAR)) {
            return "application/x-tar";
        }
        FOREIGN.forEach((kind, magic) -> {
            if (has(head, 0, magic)) {
                throw new ActionableException(
                        "%s is packed as %s, which is not read.".formatted(file, kind),
                        "Unpack it and import the folder, or make a zip or tar.gz of that.");
            }
        });
        throw new ActionableException(
                file + " is neither a folder nor a zip, tar or tar.gz archive.",
                "Put the pictures into folders named after their classes and import the folder above them.");
    }

    private static boolean has(byte[] head, int offset, byte[] magic) {
        return head.length >= offset + magic.length
                && Arrays.equals(head, offset, offset + magic.length, magic, 0, magic.length);
    }

    @Override
    public InputStream open(LongConsumer progress) {
        try {
            return new CountingStream(Files.newInputStream(file), progress);
        } catch (IOException e) {
            throw ImageSource.unreadable(file, e);
        }
    }
}

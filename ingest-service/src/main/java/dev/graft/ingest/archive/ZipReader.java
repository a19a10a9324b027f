package dev.graft.ingest.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.deflate64.Deflate64CompressorInputStream;
import org.jspecify.annotations.Nullable;

/// Reads a zip through its directory, one record after the other: memory does not grow with it.
///
/// The directory is read here and not by commons-compress, which holds it in memory, some 600 bytes for each of
/// a million files. Of its methods only those are taken that need no further library.
final class ZipReader extends ArchiveReader {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_TARGET_BYTES = 4_096;
    private static final int LOCAL_HEADER_BYTES = 30;
    private static final int LOCAL_SIGNATURE = 0x04034b50;

    /// Each file is read once. The rest is for files with damaged sizes, which reach into others.
    private static final int MAX_READS = 2;

    private static final String PRECEDING = "(before the start of the archive)";

    private final FileChannel channel;
    private final FileRegion.Bound bound;
    private final ZipDirectory place;
    private final InputStream directory;
    private long leftBytes;
    private boolean preceded;
    private @Nullable ZipEntryRecord entry;

    private ZipReader(FileChannel channel, ZipDirectory place, ArchiveLimits limits) throws IOException {
        super(limits);
        this.channel = channel;
        this.bound = new FileRegion.Bound(MAX_READS * channel.size());
        this.place = place;
        this.directory = region(place.startOffset(), place.sizeBytes());
        this.leftBytes = place.sizeBytes();
        this.preceded = place.shiftBytes() > 0 && isLocalHeader(0);
    }

    static ZipReader of(Path file, ArchiveLimits limits) throws ArchiveException, IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new ZipReader(channel, ZipDirectory.find(channel), limits);
        } catch (ArchiveException | IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    private boolean isLocalHeader(long offset) throws IOException {
        ByteBuffer start = ZipDirectory.read(channel, offset, Integer.BYTES);
        return start.limit() == Integer.BYTES && start.getInt(0) == LOCAL_SIGNATURE;
    }

    /// A zip that lies before this one, which concatenation makes, is reported as a file that cannot be read.
    @Override
    boolean advanceEntry() throws IOException {
        if (leftBytes > 0) {
            entry = ZipEntryRecord.read(directory);
            leftBytes -= entry.recordBytes();
            return true;
        }
        entry = null;
        if (preceded) {
            preceded = false;
            entry = ZipEntryRecord.foreign(PRECEDING);
        }
        return entry != null;
    }

    @Override
    public EntryName name() {
        return present().name();
    }

    @Override
    boolean isFolder() {
        String path = present().name().text();
        return path.endsWith("/") || path.endsWith("\\");
    }

    @Override
    public Optional<ArchivedFile> obstacle() {
        ZipEntryRecord present = present();
        if (present.isForeign()) {
            return unreadable("Another archive lies before this one, and was not read. Import each by itself.");
        }
        if (present.encrypted()) {
            return unreadable("It is encrypted. Make the archive without a password.");
        }
        if (!isRead(present.method())) {
            return unreadable(
                    "It is compressed by the method %s, which is not read. Make the archive with the method Deflate, or send a tar."
                            .formatted(methodName(present.method())));
        }
        return present.symbolicLink() ? Optional.of(Links.symbolic(target())) : Optional.empty();
    }

    private static Optional<ArchivedFile> unreadable(String detail) {
        return Optional.of(new ArchivedFile.Unreadable(detail));
    }

    private static boolean isRead(int code) {
        ZipMethod method = ZipMethod.getMethodByCode(code);
        return method == ZipMethod.STORED
                || method == ZipMethod.DEFLATED
                || method == ZipMethod.ENHANCED_DEFLATED
                || method == ZipMethod.BZIP2;
    }

    private static String methodName(int code) {
        ZipMethod method = ZipMethod.getMethodByCode(code);
        return method != null && method.getCode() == code ? "%s (%d)".formatted(method.name(), code) : "number " + code;
    }

    private String target() {
        try (InputStream content = content()) {
            return new String(content.readNBytes(MAX_TARGET_BYTES), UTF_8);
        } catch (IOException | RuntimeException damaged) {
            return "an unknown place";
        }
    }

    @Override
    long declaredBytes() {
        return present().sizeBytes();
    }

    @Override
    long checksum() {
        return present().checksum();
    }

    @Override
    InputStream content() throws IOException {
        ZipEntryRecord present = present();
        return new ChecksummedStream(unpacked(present.method(), packed(present)), present.checksum());
    }

    /// Name and extra field of the local header may be longer than those of the directory.
    private InputStream packed(ZipEntryRecord present) throws IOException {
        long headerOffset = Math.addExact(place.shiftBytes(), present.localOffset());
        ByteBuffer header = ZipDirectory.read(channel, headerOffset, LOCAL_HEADER_BYTES);
        if (header.limit() < LOCAL_HEADER_BYTES || header.getInt(0) != LOCAL_SIGNATURE) {
            throw new ZipException("a local header is damaged");
        }
        long offset = headerOffset
                + LOCAL_HEADER_BYTES
                + Short.toUnsignedInt(header.getShort(26))
                + Short.toUnsignedInt(header.getShort(28));
        return region(offset, present.packedBytes());
    }

    private InputStream region(long offset, long sizeBytes) {
        return new BufferedInputStream(new FileRegion(channel, bound, offset, sizeBytes), BUFFER_BYTES);
    }

    private static InputStream unpacked(int code, InputStream packed) throws IOException {
        return switch (ZipMethod.getMethodByCode(code)) {
            case STORED -> packed;
            case DEFLATED -> inflated(packed);
            case ENHANCED_DEFLATED -> new Deflate64CompressorInputStream(packed);
            case BZIP2 -> new BZip2CompressorInputStream(packed);
            default -> throw new ZipException("method " + code);
        };
    }

    /// Without a header of its own, the inflater wants a byte more than there is.
    private static InputStream inflated(InputStream packed) {
        Inflater inflater = new Inflater(true);
        InputStream withOneMore = new SequenceInputStream(packed, new ByteArrayInputStream(new byte[1]));
        return new InflaterInputStream(withOneMore, inflater, BUFFER_BYTES) {
            @Override
            public void close() throws IOException {
                try {
                    super.close();
                } finally {
                    inflater.end();
                }
            }
        };
    }

    private ZipEntryRecord present() {
        if (entry == null) {
            throw new IllegalStateException("there is no present file");
        }
        return entry;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

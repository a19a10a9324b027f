package dev.graft.ingest.archive;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Reads a tar, gzipped or not, as a stream: memory does not grow with it.
///
/// The headers are read here and not by commons-compress, whose stream holds long names and extended headers in
/// memory whatever their size, stops at the end of the first of several concatenated archives, and replaces the
/// bytes of names that are not UTF-8.
final class TarReader extends ArchiveReader {
    private static final int BUFFER_BYTES = 1 << 17;
    private static final byte[] NOTHING = {};

    private final InputStream in;
    private final @Nullable GzipMembers members;

    private @Nullable Entry entry;
    private long leftBytes;
    private long paddingBytes;
    private boolean ended;
    private boolean finished;

    /// An entry as its headers together describe it.
    private record Entry(EntryName name, char type, long sizeBytes, byte[] target, boolean sparse, boolean foreign) {}

    private TarReader(InputStream in, @Nullable GzipMembers members, ArchiveLimits limits) {
        super(limits);
        this.in = in;
        this.members = members;
    }

    static TarReader of(Path file, boolean gzipped, ArchiveLimits limits) throws IOException {
        BufferedInputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
        try {
            if (!gzipped) {
                return new TarReader(raw, null, limits);
            }
            GzipMembers members = new GzipMembers(raw);
            InputStream unpacked = new BufferedInputStream(new BoundedStream(members, limits), BUFFER_BYTES);
            return new TarReader(unpacked, members, limits);
        } catch (IOException | RuntimeException failed) {
            raw.close();
            throw failed;
        }
    }

    @Override
    boolean advanceEntry() throws ArchiveException, IOException {
        byte @Nullable [] longName = null;
        byte @Nullable [] longTarget = null;
        PaxHeader pax = PaxHeader.NONE;
        entry = null;
        for (byte[] block = nextHeader(); block != null; block = nextHeader()) {
            TarHeader header = TarHeader.parse(block);
            follow(header.sizeBytes());
            switch (header.type()) {
                case TarHeader.LONG_NAME -> longName = longText();
                case TarHeader.LONG_TARGET -> longTarget = longText();
                case TarHeader.PAX, TarHeader.OLD_PAX -> pax = extended(pax);
                case TarHeader.GLOBAL_PAX, TarHeader.VOLUME -> countHeader();
                case TarHeader.CONTINUATION ->
                    throw ArchiveException.unreadable("it is a part of a larger one. Put the parts together first.");
                default -> {
                    entry = entry(header, longName, longTarget, pax);
                    return true;
                }
            }
        }
        if (longName != null || longTarget != null || pax != PaxHeader.NONE) {
            throw new EOFException("a long name has no file");
        }
        return entry != null;
    }

    private Entry entry(TarHeader header, byte @Nullable [] longName, byte @Nullable [] longTarget, PaxHeader pax)
            throws ArchiveException, IOException {
        for (boolean more = header.extended(); more; ) {
            countHeader();
            more = TarHeader.isMapExtended(requiredBlock());
        }
        boolean data = header.type() < TarHeader.HARD_LINK || header.type() > '6';
        long sizeBytes = data && pax.sizeBytes() >= 0 ? pax.sizeBytes() : header.sizeBytes();
        follow(sizeBytes);
        byte[] target = pax.target() != null ? pax.target() : longTarget != null ? longTarget : header.target();
        boolean sparse = pax.sparse() || header.type() == TarHeader.SPARSE;
        return new Entry(name(header, longName, pax), header.type(), sizeBytes, target, sparse, false);
    }

    private static EntryName name(TarHeader header, byte @Nullable [] longName, PaxHeader pax) {
        byte[] extended = pax.name();
        if (extended != null) {
            return pax.binary() ? EntryName.undeclaredOfTar(extended) : EntryName.declared(extended);
        }
        return EntryName.undeclaredOfTar(longName != null ? longName : header.name());
    }

    private byte[] longText() throws ArchiveException, IOException {
        countHeader();
        ArchiveLimits.checkName(leftBytes);
        byte[] text = in.readNBytes((int) leftBytes);
        if (text.length < leftBytes) {
            throw new EOFException("a long name ends too early");
        }
        leftBytes = 0;
        return TarHeader.upToNul(text);
    }

    private PaxHeader extended(PaxHeader before) throws ArchiveException, IOException {
        countHeader();
        PaxHeader pax = PaxHeader.read(in, leftBytes, before);
        leftBytes = 0;
        return pax;
    }

    /// Goes to the next header: over what is left of the entry before it, and over the blocks of zeros that end
    /// an archive, behind which another may follow.
    ///
    /// @return absent at the end
    private byte @Nullable [] nextHeader() throws IOException {
        if (finished) {
            return null;
        }
        in.skipNBytes(leftBytes + paddingBytes);
        leftBytes = 0;
        paddingBytes = 0;
        while (true) {
            byte[] block = in.readNBytes(TarHeader.BLOCK_BYTES);
            if (block.length == 0) {
                return finish(members != null && members.isFollowed());
            }
            if (TarHeader.isZero(block)) {
                ended = true;
            } else if (block.length == TarHeader.BLOCK_BYTES && TarHeader.isHeader(block)) {
                return block;
            } else if (ended) {
                return finish(true);
            } else {
                throw new IOException("a header is damaged");
            }
        }
    }

    /// What follows an archive and is none is reported as a file that cannot be read.
    private byte @Nullable [] finish(boolean followed) {
        finished = true;
        if (followed) {
            EntryName name = EntryName.certain("(after the end of the archive)");
            entry = new Entry(name, TarHeader.FILE, 0, NOTHING, false, true);
        }
        return null;
    }

    private byte[] requiredBlock() throws IOException {
        byte[] block = in.readNBytes(TarHeader.BLOCK_BYTES);
        if (block.length < TarHeader.BLOCK_BYTES) {
            throw new EOFException("a header ends too early");
        }
        return block;
    }

    private void follow(long sizeBytes) {
        leftBytes = sizeBytes;
        paddingBytes = -sizeBytes & (TarHeader.BLOCK_BYTES - 1);
    }

    @Override
    public EntryName name() {
        return present().name();
    }

    @Override
    boolean isFolder() {
        char type = present().type();
        return type == TarHeader.FOLDER
                || type == TarHeader.LISTED_FOLDER
                || (isFile(type) && present().name().text().endsWith("/"));
    }

    @Override
    public Optional<ArchivedFile> obstacle() {
        Entry present = present();
        if (present.foreign()) {
            return Optional.of(new ArchivedFile.Unreadable(
                    "Data of another kind follows the end of the archive. It was not read."));
        }
        if (present.type() == TarHeader.SYMBOLIC_LINK) {
            return Optional.of(Links.symbolic(TarHeader.words(present.target())));
        }
        if (present.type() == TarHeader.HARD_LINK) {
            return Optional.of(Links.hard(TarHeader.words(present.target())));
        }
        if (present.sparse()) {
            return Optional.of(new ArchivedFile.Unreadable(
                    "It is stored as a sparse file. Make the archive without the option for sparse files."));
        }
        return isFile(present.type())
                ? Optional.empty()
                : Optional.of(new ArchivedFile.Unreadable("It is no regular file, but a device, a pipe or the like."));
    }

    private static boolean isFile(char type) {
        return type == TarHeader.FILE || type == TarHeader.CONTIGUOUS_FILE;
    }

    @Override
    long declaredBytes() {
        return present().sizeBytes();
    }

    @Override
    long checksum() throws IOException {
        CRC32 sum = new CRC32();
        byte[] buffer = new byte[1 << 13];
        InputStream content = content();
        for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
            sum.update(buffer, 0, count);
        }
        return sum.getValue();
    }

    /// Reads what is left of the present entry; the tar itself stays open when it is closed.
    @Override
    InputStream content() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (leftBytes == 0) {
                    return -1;
                }
                int count = in.read(buffer, offset, (int) Math.min(length, leftBytes));
                if (count < 0) {
                    throw new EOFException("a file ends too early");
                }
                leftBytes -= count;
                return count;
            }
        };
    }

    private Entry present() {
        if (entry == null) {
            throw new IllegalStateException("there is no present file");
        }
        return entry;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

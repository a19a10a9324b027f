package dev.graft.cli.folder;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// Reads files as one tar archive, without holding more than a buffer of it.
final class TarStream {
    private static final int RECORD_BYTES = 512;

    private TarStream() {}

    /// The archive depends on paths and contents alone, not on times and owners.
    static InputStream of(List<FolderSource.Entry> entries) {
        Iterator<FolderSource.Entry> files = entries.iterator();
        return new SequenceInputStream(new Enumeration<>() {
            private boolean ended;

            @Override
            public boolean hasMoreElements() {
                return !ended;
            }

            @Override
            public InputStream nextElement() {
                if (files.hasNext()) {
                    return open(files.next());
                }
                ended = true;
                return new ByteArrayInputStream(new byte[2 * RECORD_BYTES]);
            }
        });
    }

    private static InputStream open(FolderSource.Entry entry) {
        int paddingBytes = (int) (-entry.sizeBytes() & (RECORD_BYTES - 1));
        try {
            InputStream head = new ByteArrayInputStream(header(entry));
            if (entry.kind() != FolderSource.Kind.FILE) {
                return head;
            }
            InputStream content = new ExactStream(entry.file(), entry.sizeBytes());
            InputStream padding = new ByteArrayInputStream(new byte[paddingBytes]);
            return new SequenceInputStream(head, new SequenceInputStream(content, padding));
        } catch (IOException e) {
            throw ImageSource.unreadable(entry.file(), e);
        }
    }

    @SuppressWarnings("resource") // Closing it would end the archive, of which only one header is wanted.
    private static byte[] header(FolderSource.Entry entry) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarArchiveOutputStream tar = archive(bytes, entry.name());
        TarArchiveEntry header = new TarArchiveEntry(entry.path(), type(entry.kind()));
        header.setLinkName(entry.target());
        header.setSize(entry.sizeBytes());
        header.setModTime(0);
        tar.putArchiveEntry(header);
        tar.flush();
        return bytes.toByteArray();
    }

    /// A name that is not UTF-8 goes as its bytes, in GNU's way: extended headers are in UTF-8 always.
    private static TarArchiveOutputStream archive(OutputStream bytes, FileName name) {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, name.decoded() ? "UTF-8" : "ISO-8859-1");
        tar.setLongFileMode(
                name.decoded() ? TarArchiveOutputStream.LONGFILE_POSIX : TarArchiveOutputStream.LONGFILE_GNU);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(name.decoded());
        return tar;
    }

    private static byte type(FolderSource.Kind kind) {
        return switch (kind) {
            case FILE -> TarConstants.LF_NORMAL;
            case DANGLING_LINK -> TarConstants.LF_SYMLINK;
            case SPECIAL -> TarConstants.LF_FIFO;
        };
    }

    /// Gives exactly as many bytes as the header states, or fails: a file that changes meanwhile would garble
    /// the archive.
    private static final class ExactStream extends FilterInputStream {
        private final Path file;
        private long leftBytes;

        ExactStream(Path file, long sizeBytes) throws IOException {
            super(Files.newInputStream(file));
            this.file = file;
            this.leftBytes = sizeBytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (leftBytes == 0) {
                return -1;
            }
            int count = super.read(bytes, offset, (int) Math.min(length, leftBytes));
            if (count < 0) {
                throw new IOException(file + " became shorter while it was read");
            }
            leftBytes -= count;
            return count;
        }
    }
}

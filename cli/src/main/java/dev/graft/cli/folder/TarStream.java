package dev.graft.cli.folder;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

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
            InputStream content = new ExactStream(entry.file(), entry.sizeBytes());
            InputStream padding = new ByteArrayInputStream(new byte[paddingBytes]);
            return new SequenceInputStream(head, new SequenceInputStream(content, padding));
        } catch (IOException e) {
            throw PictureSource.unreadable(entry.file(), e);
        }
    }

    @SuppressWarnings("resource") // Closing it would end the archive, of which only one header is wanted.
    private static byte[] header(FolderSource.Entry entry) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
        TarArchiveEntry header = new TarArchiveEntry(entry.path());
        header.setSize(entry.sizeBytes());
        header.setModTime(0);
        tar.putArchiveEntry(header);
        tar.flush();
        return bytes.toByteArray();
    }

    /// Gives exactly the announced number of bytes, or fails: a file that changes meanwhile would garble the archive.
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

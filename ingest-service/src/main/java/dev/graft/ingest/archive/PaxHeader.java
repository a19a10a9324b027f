package dev.graft.ingest.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The extended header of a tar's entry (POSIX.1-2017, `pax`, "pax Extended Header"): what it says of name,
/// target and size.
///
/// It is read as a stream, and only values that are wanted are held: a header may be of any size, as those with
/// attributes of macOS and SELinux are.
///
/// @param name      bytes of the path; absent when the header says nothing of it
/// @param target    bytes of a link's target; absent likewise
/// @param sizeBytes of the data; negative when the header says nothing of it
/// @param binary    whether names are in no encoding that the archiver knew
/// @param sparse    whether the data is a sparse file
record PaxHeader(byte @Nullable [] name, byte @Nullable [] target, long sizeBytes, boolean binary, boolean sparse) {
    private static final int MAX_KEY_BYTES = 256;
    private static final int MAX_LENGTH_DIGITS = 12;
    private static final String SPARSE_PREFIX = "GNU.sparse.";
    private static final String SPARSE_NAME = SPARSE_PREFIX + "name";
    private static final Set<String> WANTED = Set.of("path", "linkpath", "size", "hdrcharset", SPARSE_NAME);

    static final PaxHeader NONE = new PaxHeader(null, null, -1, false, false);

    /// Reads a header to its end.
    ///
    /// @param before what headers before this one said of the same entry
    /// @throws ArchiveException when a name in it is longer than any name is
    /// @throws IOException      when it is damaged
    static PaxHeader read(InputStream in, long sizeBytes, PaxHeader before) throws ArchiveException, IOException {
        Records records = new Records(in, sizeBytes);
        PaxHeader header = before;
        while (records.next()) {
            header = header.with(records);
        }
        return header;
    }

    private PaxHeader with(Records records) throws ArchiveException, IOException {
        String key = records.key();
        if (!WANTED.contains(key)) {
            records.skipValue();
            return new PaxHeader(name, target, sizeBytes, binary, sparse || key.startsWith(SPARSE_PREFIX));
        }
        byte[] value = records.value();
        return switch (key) {
            case "path" -> new PaxHeader(sparse && name != null ? name : value, target, sizeBytes, binary, sparse);
            case SPARSE_NAME -> new PaxHeader(value, target, sizeBytes, binary, true);
            case "linkpath" -> new PaxHeader(name, value, sizeBytes, binary, sparse);
            case "size" -> new PaxHeader(name, target, size(value), binary, sparse);
            default -> new PaxHeader(name, target, sizeBytes, !isUtf8(value), sparse);
        };
    }

    private static boolean isUtf8(byte[] charset) {
        return new String(charset, US_ASCII).endsWith("UTF-8");
    }

    private static long size(byte[] value) throws IOException {
        String digits = new String(value, UTF_8);
        if (!digits.matches("[0-9]{1,18}")) {
            throw new IOException("an extended header's size is no number");
        }
        return Long.parseLong(digits);
    }

    /// Goes through the records `LENGTH KEY=VALUE\n` of a header.
    private static final class Records {
        private final InputStream in;
        private long leftBytes;
        private long leftInRecord;
        private String key = "";

        Records(InputStream in, long sizeBytes) {
            this.in = in;
            this.leftBytes = sizeBytes;
        }

        boolean next() throws IOException {
            if (leftBytes == 0) {
                return false;
            }
            long length = 0;
            int digits = 0;
            for (int c = one(); c != ' '; c = one()) {
                if (c == 0 && digits == 0) {
                    in.skipNBytes(leftBytes);
                    leftBytes = 0;
                    return false;
                }
                if (c < '0' || c > '9' || ++digits > MAX_LENGTH_DIGITS) {
                    throw new IOException("an extended header's record has no length");
                }
                length = 10 * length + c - '0';
            }
            leftInRecord = length - digits - 1;
            if (leftInRecord < 1 || leftInRecord > leftBytes) {
                throw new IOException("an extended header's record is longer than the header");
            }
            readKey();
            return true;
        }

        private void readKey() throws IOException {
            StringBuilder text = new StringBuilder();
            while (leftInRecord > 1) {
                int c = one();
                leftInRecord--;
                if (c == '=' || text.length() == MAX_KEY_BYTES) {
                    break;
                }
                text.append((char) c);
            }
            key = text.toString();
        }

        String key() {
            return key;
        }

        byte[] value() throws ArchiveException, IOException {
            ArchiveLimits.checkName(leftInRecord - 1);
            ByteArrayOutputStream value = new ByteArrayOutputStream();
            while (leftInRecord > 1) {
                value.write(one());
                leftInRecord--;
            }
            skipValue();
            return value.toByteArray();
        }

        void skipValue() throws IOException {
            in.skipNBytes(leftInRecord);
            leftBytes -= leftInRecord;
            leftInRecord = 0;
        }

        private int one() throws IOException {
            int c = leftBytes > 0 ? in.read() : -1;
            if (c < 0) {
                throw new EOFException("an extended header ends too early");
            }
            leftBytes--;
            return c;
        }
    }
}

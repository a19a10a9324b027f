package dev.graft.ingest.archive;

/// Bounds what an archive may cost.
///
/// @param maxEntries       entries of any kind, each of which may have a few headers more that describe it
/// @param maxUnpackedBytes of all entries together
/// @param maxEntryBytes    of one file; a larger one is refused by itself, and the rest goes on
public record ArchiveLimits(int maxEntries, long maxUnpackedBytes, long maxEntryBytes) {
    /// Far beyond the longest path of any system.
    private static final int MAX_NAME_BYTES = 1 << 16;

    private static final int MAX_HEADERS_PER_ENTRY = 4;

    public ArchiveLimits {
        if (maxEntries < 1 || maxUnpackedBytes < 1 || maxEntryBytes < 1 || maxEntryBytes > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException("archive limits must be positive, and an entry must fit an array");
        }
    }

    /// Bounds a name before it is read.
    static void checkName(long nameBytes) throws ArchiveException {
        if (nameBytes > MAX_NAME_BYTES) {
            throw ArchiveException.unsafe("The name of a file in it has %,d bytes; at most %,d are read."
                    .formatted(nameBytes, MAX_NAME_BYTES));
        }
    }

    void checkEntries(long entries) throws ArchiveException {
        if (entries > maxEntries) {
            throw ArchiveException.unsafe("It has more than %,d entries. Split it.".formatted(maxEntries));
        }
    }

    /// Bounds the headers that only describe an entry: long names and extended headers.
    void checkHeaders(long headers) throws ArchiveException {
        if (headers > MAX_HEADERS_PER_ENTRY * (long) maxEntries) {
            throw ArchiveException.unsafe(
                    "It has more than %,d headers. Split it.".formatted(MAX_HEADERS_PER_ENTRY * (long) maxEntries));
        }
    }

    void checkUnpacked(long unpackedBytes) throws ArchiveException {
        if (unpackedBytes > maxUnpackedBytes) {
            throw ArchiveException.unsafe(
                    "Unpacked it would have more than %,d bytes. Split it.".formatted(maxUnpackedBytes));
        }
    }
}

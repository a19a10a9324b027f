package dev.graft.ingest.archive;

/// Bounds what an archive may cost.
///
/// @param maxEntries       entries of any kind
/// @param maxUnpackedBytes of all entries together
/// @param maxEntryBytes    of one file; a larger one is refused by itself, and the rest goes on
public record ArchiveLimits(int maxEntries, long maxUnpackedBytes, long maxEntryBytes) {
    public ArchiveLimits {
        if (maxEntries < 1 || maxUnpackedBytes < 1 || maxEntryBytes < 1 || maxEntryBytes > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException("archive limits must be positive, and an entry must fit an array");
        }
    }

    void checkEntries(long entries) throws ArchiveException {
        if (entries > maxEntries) {
            throw ArchiveException.unsafe("It has more than %,d entries. Split it.".formatted(maxEntries));
        }
    }

    void checkUnpacked(long unpackedBytes) throws ArchiveException {
        if (unpackedBytes > maxUnpackedBytes) {
            throw ArchiveException.unsafe(
                    "Unpacked it would have more than %,d bytes. Split it.".formatted(maxUnpackedBytes));
        }
    }
}

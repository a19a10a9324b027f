package dev.graft.ingest.archive;

/// What reading one file of an archive gave.
public sealed interface ArchivedFile {

    /// Its bytes; not copied.
    record Readable(byte[] bytes) implements ArchivedFile {}

    /// It is larger than a file may be, and was not read to its end.
    record TooLarge(long maxEntryBytes) implements ArchivedFile {}

    /// It is damaged, encrypted, packed in a way that is not read, or no regular file, while the archive around
    /// it is sound.
    ///
    /// @param detail what is wrong, for users
    record Unreadable(String detail) implements ArchivedFile {}

    /// It only points at a file that the archive does not hold in its place.
    ///
    /// @param detail at what, and what to do, for users
    record Absent(String detail) implements ArchivedFile {}
}

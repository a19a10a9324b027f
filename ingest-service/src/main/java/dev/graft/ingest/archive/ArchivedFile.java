package dev.graft.ingest.archive;

/// What reading one file of an archive gave.
public sealed interface ArchivedFile {

    /// Its bytes; not copied.
    record Readable(byte[] bytes) implements ArchivedFile {}

    /// It is larger than a file may be, and was not read to its end.
    record TooLarge(long maxEntryBytes) implements ArchivedFile {}

    /// It is damaged, encrypted, or no regular file, while the archive around it is sound.
    ///
    /// @param detail what is wrong, for users
    record Unreadable(String detail) implements ArchivedFile {}
}

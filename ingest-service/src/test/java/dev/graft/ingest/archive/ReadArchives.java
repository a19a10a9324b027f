package dev.graft.ingest.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads archives that a test made.
///
/// @param folder where they are written to
record ReadArchives(Path folder) {
    static final ArchiveLimits LIMITS = new ArchiveLimits(1_000, 1L << 40, 1 << 20);

    /// Writes an archive to the folder.
    Path write(byte[] archive) throws IOException {
        return Files.write(folder.resolve("archive"), archive);
    }

    /// Gives the names of the files, and why those are not read that are not.
    List<String> read(byte[] archive) throws ArchiveException, IOException {
        List<String> found = new ArrayList<>();
        Path file = write(archive);
        ArchiveReader.survey(file, LIMITS);
        try (ArchiveReader reader = ArchiveReader.open(file, LIMITS)) {
            while (reader.advance()) {
                String name = reader.name().text();
                found.add(
                        switch (reader.read()) {
                            case ArchivedFile.Readable _, ArchivedFile.TooLarge _ -> name;
                            case ArchivedFile.Unreadable unreadable -> name + ": " + unreadable.detail();
                            case ArchivedFile.Absent absent -> name + ": " + absent.detail();
                        });
            }
        }
        return found;
    }

    /// Gives the bytes of the files that are read.
    List<String> contents(byte[] archive) throws ArchiveException, IOException {
        List<String> found = new ArrayList<>();
        try (ArchiveReader reader = ArchiveReader.open(write(archive), LIMITS)) {
            while (reader.advance()) {
                if (reader.read() instanceof ArchivedFile.Readable readable) {
                    found.add(Arrays.toString(readable.bytes()));
                }
            }
        }
        return found;
    }
}

package dev.graft.cli.folder;

import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/// Images with their labels, as an archive: a folder becomes one while it is read, an archive is read as it is.
public sealed interface ImageSource permits FolderSource, ArchiveSource {
    /// Finds out what lies at a path.
    ///
    /// @throws ActionableException when there is nothing, nothing that may be read, or neither folder nor
    ///     archive
    static ImageSource at(Path path) {
        try {
            return Files.isDirectory(path) ? FolderSource.scan(path) : ArchiveSource.sniff(path);
        } catch (NoSuchFileException missing) {
            throw new ActionableException(
                    "There is nothing at " + missing.getFile() + ".",
                    "Name a folder of pictures, or a zip, tar or tar.gz archive of one.",
                    missing);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /// Says that something cannot be read.
    static ActionableException unreadable(Path path, IOException e) {
        return new ActionableException(
                path + " cannot be read: " + FileProblems.reason(e) + ".", "See to it that you may read it.", e);
    }

    /// Gives the media type of the archive.
    String mediaType();

    /// Gives about how many bytes the archive has.
    long sizeBytes();

    /// Opens the archive; reading it again opens it again.
    ///
    /// @param progress receives how many bytes have been read so far
    /// @throws ActionableException when it cannot be read
    InputStream open(LongConsumer progress);
}

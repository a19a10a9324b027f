package dev.graft.cli.folder;

import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads single images that a user names.
public final class ImageFile {
    private static final long SIZE_BYTES_MAX = 64L << 20;

    private ImageFile() {}

    /// Checks that a file is there before anything is begun.
    ///
    /// @throws ActionableException when there is no such file, it may not be read, or it is far too large
    public static void requireReadable(Path file) {
        if (Files.notExists(file)) {
            throw new ActionableException("There is no file " + file + ".", "Check its name.");
        }
        if (!Files.isRegularFile(file)) {
            throw new ActionableException(file + " is not a file.", "Name the pictures themselves.");
        }
        if (!Files.isReadable(file)) {
            throw new ActionableException(
                    file + " cannot be read: permission denied.", "See to it that you may read it.");
        }
        if (file.toFile().length() > SIZE_BYTES_MAX) {
            throw new ActionableException(file + " is too large to be a picture.", "Name a smaller file.");
        }
    }

    /// Reads all bytes; whether they are an image is for a service to say.
    ///
    /// @throws ActionableException when it cannot be read
    public static byte[] read(Path file) {
        requireReadable(file);
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw ImageSource.unreadable(file, e);
        }
    }
}

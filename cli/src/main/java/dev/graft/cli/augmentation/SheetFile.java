package dev.graft.cli.augmentation;

import dev.graft.stack.ActionableException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.imageio.ImageIO;

/// The file that a sheet is written to: all of it, or nothing.
///
/// @param path   of the file
/// @param folder that it lies in
record SheetFile(Path path, Path folder) {
    /// Checks, before anything is begun, that it can be written.
    ///
    /// @throws ActionableException when it cannot
    static SheetFile at(Path path) {
        Path absolute = path.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null || Files.isDirectory(absolute)) {
            throw new ActionableException(path + " is a folder.", "Name a file: --out FILE.png.");
        }
        if (!Files.isDirectory(folder)) {
            throw new ActionableException("There is no folder " + folder + ".", "Make it first, or check its name.");
        }
        if (!Files.isWritable(folder)) {
            throw new ActionableException(
                    path + " cannot be written: permission denied.", "Name a file where you may write.");
        }
        return new SheetFile(absolute, folder);
    }

    void write(BufferedImage image) throws IOException {
        Path fresh = folder.resolve(
                "." + path.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            try (OutputStream output = Files.newOutputStream(fresh)) {
                if (!ImageIO.write(image, "png", output)) {
                    throw new IllegalStateException("Every Java platform writes PNG");
                }
            }
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}

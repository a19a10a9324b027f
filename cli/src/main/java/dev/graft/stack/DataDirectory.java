package dev.graft.stack;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Lays out the folder that holds everything a stack keeps.
///
/// @param root absolute, without links
public record DataDirectory(Path root) {
    private static final long FREE_BYTES_MIN = 512L << 20;

    /// Names a folder that need not exist.
    public static DataDirectory at(Path root) {
        Path absolute = root.toAbsolutePath().normalize();
        try {
            return new DataDirectory(absolute.toRealPath());
        } catch (IOException missing) {
            return new DataDirectory(absolute);
        }
    }

    /// Makes the folder unless it is there, and tries whether a stack can live in it.
    ///
    /// @return the folder by its real name
    /// @throws ActionableException when it cannot be made or written to, or its disk is full
    public DataDirectory create() {
        return create(FREE_BYTES_MIN);
    }

    DataDirectory create(long freeBytesMin) {
        try {
            Files.createDirectories(root);
            Path real = root.toRealPath();
            Files.delete(Files.createTempFile(real, "writable", ".tmp"));
            Files.createDirectories(real.resolve("logs"));
            requireSpace(real, freeBytesMin);
            return new DataDirectory(real);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private static void requireSpace(Path real, long freeBytesMin) throws IOException {
        long freeBytes = Files.getFileStore(real).getUsableSpace();
        if (freeBytes < freeBytesMin) {
            throw new ActionableException(
                    "The disk of " + real + " is full: " + (freeBytes >> 20) + " MiB are free and "
                            + (freeBytesMin >> 20) + " MiB are needed.",
                    "Make room there, or choose a folder on another disk with --data-dir DIR.");
        }
    }

    private ActionableException unusable(IOException e) {
        String reason = switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "no folder can be made there";
            case FileAlreadyExistsException _ -> "there is a file of that name";
            case FileSystemException detailed when detailed.getReason() != null -> detailed.getReason();
            default -> e.getMessage();
        };
        return new ActionableException(
                "The data directory " + root + " cannot be used: " + reason + ".",
                "Choose a folder that you may write to with --data-dir DIR.",
                e);
    }

    /// Gives the folder of the logs.
    public Path logs() {
        return root.resolve("logs");
    }

    /// Gives the folder into which reports are fetched.
    public Path reports() {
        return root.resolve("reports");
    }

    /// Gives the folder of files that are being fetched.
    public Path downloads() {
        return root.resolve("downloads");
    }

    /// Gives the folder from which services map weights.
    Path weights() {
        return root.resolve("weights");
    }

    Path state() {
        return root.resolve("stack.json");
    }

    Path supervisorLock() {
        return root.resolve("supervisor.lock");
    }

    Path starterLock() {
        return root.resolve("starter.lock");
    }

    Path credentials() {
        return root.resolve("credentials.json");
    }

    Path broker() {
        return root.resolve("kafka");
    }

    Path objects() {
        return root.resolve("objects");
    }

    Path database() {
        return root.resolve("postgresql");
    }
}

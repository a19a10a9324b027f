package dev.graft.cli.folder;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;

/// Words for what the file system refuses.
public final class FileProblems {
    private FileProblems() {}

    /// Says which file, where it is known, and what is wrong with it.
    public static String sentence(IOException e) {
        String file = e instanceof FileSystemException detailed ? detailed.getFile() : null;
        return (file == null ? "" : file + ": ") + reason(e) + ".";
    }

    static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "it does not exist";
            case FileSystemLoopException _ -> "its links lead in a circle";
            case FileSystemException detailed when detailed.getReason() != null -> detailed.getReason();
            default -> e.getMessage() == null ? "input failed" : e.getMessage();
        };
    }
}

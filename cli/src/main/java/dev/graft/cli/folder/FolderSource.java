package dev.graft.cli.folder;

import dev.graft.stack.ActionableException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.function.LongConsumer;

/// A folder; every file below it that is not hidden, in the order of the paths.
///
/// @param sizeBytes of the files together
public record FolderSource(Path root, List<Entry> entries, long sizeBytes) implements PictureSource {
    private static final int FILES_MAX = 10_000_000;

    public FolderSource {
        entries = List.copyOf(entries);
    }

    /// A file of the folder.
    ///
    /// @param path below the folder, parted by slashes
    public record Entry(String path, Path file, long sizeBytes) {}

    /// Lists a folder; links are followed.
    ///
    /// @throws ActionableException when there are no files in it, or it, or a folder below it, cannot be read
    public static FolderSource scan(Path root) {
        List<Entry> entries = new ArrayList<>();
        try {
            Files.walkFileTree(
                    root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new Listing(root, entries));
        } catch (FileSystemException e) {
            throw PictureSource.unreadable(Path.of(e.getFile()), e);
        } catch (IOException e) {
            throw PictureSource.unreadable(root, e);
        }
        if (entries.isEmpty()) {
            throw new ActionableException(
                    "The folder " + root + " holds no pictures.",
                    "Put pictures into it as LABEL/file, or as train/LABEL/file and test/LABEL/file.");
        }
        entries.sort(Comparator.comparing(Entry::path));
        return new FolderSource(
                root, entries, entries.stream().mapToLong(Entry::sizeBytes).sum());
    }

    @Override
    public String mediaType() {
        return "application/x-tar";
    }

    @Override
    public InputStream open(LongConsumer progress) {
        return new CountingStream(TarStream.of(entries), progress);
    }

    private static final class Listing extends SimpleFileVisitor<Path> {
        private final Path root;
        private final List<Entry> entries;

        Listing(Path root, List<Entry> entries) {
            this.root = root;
            this.entries = entries;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return folder.equals(root) || !isHidden(folder) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (attributes.isRegularFile() && !isHidden(file)) {
                String path = root.relativize(file).toString().replace(File.separatorChar, '/');
                entries.add(new Entry(path, file, attributes.size()));
            }
            if (entries.size() > FILES_MAX) {
                throw new IOException("it holds more than " + FILES_MAX + " files");
            }
            return FileVisitResult.CONTINUE;
        }

        private static boolean isHidden(Path path) {
            return path.getFileName().toString().startsWith(".");
        }
    }
}

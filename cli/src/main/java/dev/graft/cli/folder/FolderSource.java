package dev.graft.cli.folder;

import dev.graft.stack.ActionableException;
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
public record FolderSource(Path root, List<Entry> entries, long sizeBytes) implements ImageSource {
    private static final int FILES_MAX = 10_000_000;

    public FolderSource {
        entries = List.copyOf(entries);
    }

    /// What a file of a folder is.
    public enum Kind {
        /// A file with bytes of its own, or a link to one.
        FILE,
        /// A link that leads to nothing.
        DANGLING_LINK,
        /// A pipe, a device or the like.
        SPECIAL
    }

    /// A file of the folder. One that is no image for certain goes into the archive as what it is, so that it
    /// is named among the rejected ones.
    ///
    /// @param name   below the folder
    /// @param target what a dangling link names; empty for all others
    public record Entry(FileName name, Path file, long sizeBytes, Kind kind, String target) {
        /// Gives the path below the folder, separated by slashes.
        public String path() {
            return name.text();
        }
    }

    /// Lists a folder; links are followed as far as they lead to something.
    ///
    /// @throws ActionableException when there are no files in it, or it, or a folder below it, cannot be read
    public static FolderSource scan(Path root) {
        List<Entry> entries = new ArrayList<>();
        try {
            Files.walkFileTree(
                    root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new Listing(root, entries));
        } catch (FileSystemException e) {
            throw ImageSource.unreadable(Path.of(e.getFile()), e);
        } catch (IOException e) {
            throw ImageSource.unreadable(root, e);
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
            if (!isHidden(file)) {
                entries.add(entry(file, attributes));
            }
            if (entries.size() > FILES_MAX) {
                throw new IOException("it holds more than " + FILES_MAX + " files");
            }
            return FileVisitResult.CONTINUE;
        }

        private Entry entry(Path file, BasicFileAttributes attributes) throws IOException {
            FileName name = FileName.below(root, file);
            if (attributes.isRegularFile()) {
                return new Entry(name, file, attributes.size(), Kind.FILE, "");
            }
            if (attributes.isSymbolicLink()) {
                String target = Files.readSymbolicLink(file).toString();
                return new Entry(name, file, 0, Kind.DANGLING_LINK, target);
            }
            return new Entry(name, file, 0, Kind.SPECIAL, "");
        }

        private static boolean isHidden(Path path) {
            return path.getFileName().toString().startsWith(".");
        }
    }
}

package dev.graft.networks.weights;

import dev.graft.networks.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Keeps files of weights on this machine's disk, where they can be mapped, under their digests. A file
/// appears only when it is complete and verified, so that several processes may share a directory; within a
/// process a file is fetched once however many threads ask.
///
/// A process reads a file through when it first meets it, and trusts it for as long as the file system says that it
/// is the same one and nobody has written to it. A file that was damaged since is fetched again.
///
/// @param directory where the files are kept, made when it is not there
public record WeightCache(Path directory) {
    private static final String EXTENSION = ".safetensors";
    private static final String PART_PREFIX = "weights";
    private static final String PART_SUFFIX = ".part";

    /// Longer than anybody takes to receive, check and store the largest file.
    private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

    private static final Map<Path, Slot> SLOTS = new ConcurrentHashMap<>();

    /// The place of a file within this process.
    private static final class Slot {
        /// The file that was found to have its digest; guarded by this slot.
        private @Nullable Stamp verified;
    }

    /// What changes when a file is replaced or written to.
    ///
    /// @param key what the file system identifies files by, where it does
    private record Stamp(@Nullable Object key, long sizeBytes, FileTime lastModified) {
        static Stamp of(Path file) throws IOException {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(found.fileKey(), found.size(), found.lastModifiedTime());
        }
    }

    /// Opens the bytes of a file at the place that they come from.
    @FunctionalInterface
    public interface Origin {
        /// Opens the bytes; the cache closes the stream.
        ///
        /// @throws IOException when they cannot be had now
        InputStream open() throws IOException;
    }

    /// Returns a file, verified; it is fetched where it is absent or damaged.
    ///
    /// @param sha256 its digest, lower-case hex
    /// @param origin where it comes from
    /// @throws MalformedWeightsException `WRONG_DIGEST` when the origin gives other bytes
    /// @throws IOException when the origin or the directory fails
    public Path file(String sha256, Origin origin) throws IOException {
        Path file = path(sha256);
        Slot slot = SLOTS.computeIfAbsent(file.toAbsolutePath().normalize(), _ -> new Slot());
        synchronized (slot) {
            // Taken before the file is read, so that what is written meanwhile is noticed next time.
            Stamp stamp = Files.isRegularFile(file) ? Stamp.of(file) : null;
            if (stamp == null || (!stamp.equals(slot.verified) && !sha256(file).equals(sha256))) {
                fetch(sha256, origin, file);
                stamp = Stamp.of(file);
            }
            slot.verified = stamp;
        }
        return file;
    }

    /// Makes an empty file in the directory, for bytes whose digest is not known yet. What processes that were killed
    /// left of such files goes a day later.
    ///
    /// @throws IOException when the directory cannot be written
    public Path newPart() throws IOException {
        Files.createDirectories(directory);
        removeAbandoned();
        return Files.createTempFile(directory, PART_PREFIX, PART_SUFFIX);
    }

    private void removeAbandoned() throws IOException {
        Instant latest = Instant.now().minus(ABANDONED_AFTER);
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, PART_PREFIX + "*" + PART_SUFFIX)) {
            for (Path part : parts) {
                if (Files.getLastModifiedTime(part).toInstant().isBefore(latest)) {
                    Files.deleteIfExists(part);
                }
            }
        } catch (NoSuchFileException | DirectoryIteratorException _) {
            // Another process is at it, too; what is left waits for the next time.
        }
    }

    /// Takes over a file from [#newPart].
    ///
    /// @param sha256 its digest, lower-case hex, which the caller has computed
    /// @throws IOException when the directory cannot be written
    public Path adopt(Path part, String sha256) throws IOException {
        return Files.move(part, path(sha256), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path path(String sha256) {
        return directory.resolve(sha256 + EXTENSION);
    }

    private void fetch(String sha256, Origin origin, Path file) throws IOException {
        Path part = newPart();
        try {
            try (InputStream in = origin.open()) {
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            }
            String found = sha256(part);
            if (!found.equals(sha256)) {
                throw new MalformedWeightsException(
                        Malformation.WRONG_DIGEST, "the weights have the digest " + found + ", not " + sha256);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Digests.sha256(in);
        }
    }
}

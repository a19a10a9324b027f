package dev.graft.ingest;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Makes files that hold large bodies for a while.
@Singleton
public class TemporaryFiles {
    private static final Logger LOG = Logger.getLogger(TemporaryFiles.class);

    private final Optional<Path> directory;

    TemporaryFiles(IngestConfig config) {
        directory = config.temporaryDirectory();
    }

    /// Makes an empty file.
    public Path create(String prefix) throws IOException {
        if (directory.isEmpty()) {
            return Files.createTempFile(prefix, ".tmp");
        }
        Files.createDirectories(directory.get());
        return Files.createTempFile(directory.get(), prefix, ".tmp");
    }

    /// Removes a file, or leaves it to whoever cleans the folder.
    public void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stuck) {
            LOG.warnf("Temporary file stays reason=%s", stuck);
        }
    }
}

package dev.graft.cli.rest;

import dev.graft.cli.folder.CountingStream;
import dev.graft.cli.folder.ImageSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/// Gives a request body, afresh for each try.
@FunctionalInterface
interface RequestBody {
    /// Makes the publisher.
    BodyPublisher publisher();

    /// Reads a stream that is opened for each try.
    static RequestBody of(Supplier<InputStream> open) {
        return () -> BodyPublishers.ofInputStream(open);
    }

    /// Reads a file; its size is known before.
    ///
    /// @param progress receives how many bytes have been read in this try
    static RequestBody of(Path file, LongConsumer progress) {
        return () -> {
            try {
                long sizeBytes = Files.size(file);
                return sizeBytes == 0
                        ? BodyPublishers.noBody()
                        : BodyPublishers.fromPublisher(
                                BodyPublishers.ofInputStream(() -> open(file, progress)), sizeBytes);
            } catch (IOException e) {
                throw ImageSource.unreadable(file, e);
            }
        };
    }

    private static InputStream open(Path file, LongConsumer progress) {
        try {
            return new CountingStream(Files.newInputStream(file), progress);
        } catch (IOException e) {
            throw ImageSource.unreadable(file, e);
        }
    }
}

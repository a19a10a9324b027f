package dev.graft.ingest.intake;

import dev.graft.ingest.IngestConfig;
import dev.graft.vision.DecodeBudget;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.DecoderBusyException;
import dev.graft.vision.ImageDecoder;
import dev.graft.vision.UndecodableImageException;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// Checks the files of imports as usual, but for some: at those a part of the decoder is missing, or the
/// decoder is busy for a while.
@Alternative
@Singleton
public class FaultyChecker extends ImageChecker {
    private final AtomicInteger busyChecks = new AtomicInteger();
    private volatile List<byte[]> breaking = List.of();
    private volatile byte[] delayed = {};

    FaultyChecker(IngestConfig config) {
        super(config);
    }

    /// Has the checks of files break off.
    public void breakAt(List<byte[]> files) {
        breaking = files;
    }

    /// Finds the decoder busy for the next checks of a file.
    public void beBusyAt(byte[] file, int checks) {
        delayed = file;
        busyChecks.set(checks);
    }

    /// Returns how many checks will find the decoder busy.
    public int busyChecks() {
        return busyChecks.get();
    }

    @Override
    public <T> Future<T> submit(byte[] file, Function<Verdict, T> then) {
        if (breaking.stream().anyMatch(broken -> Arrays.equals(file, broken))) {
            return CompletableFuture.failedFuture(new NoClassDefFoundError("a class of the decoder"));
        }
        if (Arrays.equals(file, delayed) && busyChecks.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return CompletableFuture.failedFuture(busy(file));
        }
        return super.submit(file, then);
    }

    /// Who is interrupted does not wait for memory: the decoder says that it is busy.
    private static RuntimeException busy(byte[] file) {
        Thread.currentThread().interrupt();
        try {
            ImageDecoder decoder = new ImageDecoder(DecodeLimits.STANDARD, DecodeBudget.ofProcess(), Duration.ZERO);
            throw new IllegalStateException("decoded in spite of the interruption: " + decoder.verify(file));
        } catch (UndecodableImageException impossible) {
            throw new IllegalStateException(impossible);
        } catch (DecoderBusyException busy) {
            return busy;
        } finally {
            boolean unused = Thread.interrupted();
        }
    }
}

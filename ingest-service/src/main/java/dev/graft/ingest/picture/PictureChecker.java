package dev.graft.ingest.picture;

import dev.graft.contracts.Sha256;
import dev.graft.ingest.IngestConfig;
import dev.graft.problem.ProblemType;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.PictureDecoder;
import dev.graft.vision.PictureHeader;
import dev.graft.vision.Pixels;
import dev.graft.vision.UndecodablePictureException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jboss.logging.Logger;

/// Decodes pictures completely, to know that they can be.
///
/// All decoding of the service runs on a fixed number of platform threads, and the pictures decoded at one moment stay
/// below a number of pixels together that the heap affords: a few huge pictures cannot exhaust the memory, and one that
/// never fits is refused by its header. Thread-safe.
@Singleton
public class PictureChecker {
    private static final Logger LOG = Logger.getLogger(PictureChecker.class);

    /// Heap that decoding needs for each pixel at the most: a PNG or TIFF of 16 bits with transparency is held as 8
    /// bytes
    /// of samples while 3 of RGB and 1 of alpha are made of them.
    private static final int HEAP_BYTES_PER_PIXEL = 12;

    /// Heap that everything else needs: the service itself, uploads and chunks of imports.
    private static final long RESERVED_HEAP_BYTES = 160L << 20;

    private static final long LEAST_PIXELS = 1_000_000;

    private final PictureDecoder decoder;
    private final int pixelBudget;
    private final Semaphore freePixels;
    private final ExecutorService cpu;

    PictureChecker(IngestConfig config) {
        IngestConfig.Decode decode = config.decode();
        long affordablePixels = affordablePixels(Runtime.getRuntime().maxMemory());
        long maxPixels = Math.min(decode.maxPixels(), affordablePixels);
        if (maxPixels < decode.maxPixels()) {
            LOG.warnf(
                    "The heap is too small for the largest pictures maxPixels=%d configuredPixels=%d",
                    maxPixels, decode.maxPixels());
        }
        decoder = new PictureDecoder(new DecodeLimits(decode.maxFileSizeBytes(), maxPixels, decode.maxSidePixels()));
        pixelBudget = (int) Math.min(decode.concurrentPixels(), affordablePixels);
        freePixels = new Semaphore(pixelBudget, true);
        int threads = decode.threads().orElse(Runtime.getRuntime().availableProcessors());
        cpu = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("decode-", 0).factory());
    }

    /// Says how many pixels can be decoded at one moment without running out of memory.
    static long affordablePixels(long maxHeapBytes) {
        return Math.max(LEAST_PIXELS, (maxHeapBytes - RESERVED_HEAP_BYTES) / HEAP_BYTES_PER_PIXEL);
    }

    /// Starts checking and gives the verdict to `then`; the bytes must not change.
    public <T> Future<T> submit(byte[] file, Function<Verdict, T> then) {
        return cpu.submit(() -> then.apply(judge(file)));
    }

    /// Checks a file and waits; not for event loops.
    public Verdict check(byte[] file) throws InterruptedException {
        return await(submit(file, verdict -> verdict));
    }

    /// Waits for the verdict of [#submit].
    public static <T> T await(Future<T> result) throws InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a check of a picture ended without a verdict", failed.getCause());
        }
    }

    /// Decodes a file and works on its pixels, on the same threads and within the same memory; waits; not for event
    /// loops.
    ///
    /// @throws UndecodablePictureException when the file is no picture
    public <T> T decode(byte[] file, Function<Pixels, T> work)
            throws UndecodablePictureException, InterruptedException {
        Callable<T> decoding = () -> withinBudget(decoder.inspect(file), () -> work.apply(decoder.decode(file)));
        try {
            return cpu.submit(decoding).get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UndecodablePictureException undecodable) {
                throw undecodable;
            }
            throw new IllegalStateException("a picture could not be decoded", failed.getCause());
        }
    }

    private Verdict judge(byte[] file) throws InterruptedException {
        String digest = Sha256.of(file);
        try {
            PictureHeader header = decoder.inspect(file);
            Pixels pixels = withinBudget(header, () -> decoder.decode(file));
            return new Verdict.Sound(
                    digest, file.length, header.format().mediaType(), pixels.widthPixels(), pixels.heightPixels());
        } catch (UndecodablePictureException refused) {
            return new Verdict.Refused(digest, problemType(refused.reason()), String.valueOf(refused.getMessage()));
        } catch (RuntimeException unforeseen) {
            LOG.warnf(unforeseen, "Decoder failed in an unforeseen way contentDigest=%s", digest);
            return new Verdict.Refused(
                    digest, ProblemType.IMAGE_CORRUPT, "The picture cannot be decoded. Export it again.");
        }
    }

    @FunctionalInterface
    private interface Decoding<T> {
        T run() throws UndecodablePictureException;
    }

    private <T> T withinBudget(PictureHeader header, Decoding<T> decoding)
            throws UndecodablePictureException, InterruptedException {
        int permits = (int) Math.min(pixelBudget, (long) header.widthPixels() * header.heightPixels());
        freePixels.acquire(permits);
        try {
            return decoding.run();
        } finally {
            freePixels.release(permits);
        }
    }

    private static ProblemType problemType(UndecodablePictureException.Reason reason) {
        return switch (reason) {
            case EMPTY -> ProblemType.IMAGE_EMPTY;
            case UNSUPPORTED_FORMAT -> ProblemType.IMAGE_FORMAT_UNSUPPORTED;
            case TOO_MANY_BYTES -> ProblemType.IMAGE_TOO_LARGE;
            case TOO_MANY_PIXELS -> ProblemType.IMAGE_TOO_MANY_PIXELS;
            case TRUNCATED -> ProblemType.IMAGE_TRUNCATED;
            case CORRUPT -> ProblemType.IMAGE_CORRUPT;
            case UNSUPPORTED_VARIANT -> ProblemType.IMAGE_VARIANT_UNSUPPORTED;
        };
    }

    @PreDestroy
    void close() {
        cpu.shutdownNow();
    }
}

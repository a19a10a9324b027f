package dev.graft.ingest.intake;

import dev.graft.contracts.Sha256;
import dev.graft.ingest.IngestConfig;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.vision.DecoderBusyException;
import dev.graft.vision.ImageDecoder;
import dev.graft.vision.ImageHeader;
import dev.graft.vision.Thumbnail;
import dev.graft.vision.UndecodableImageException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jboss.logging.Logger;

/// Finds out whether images can be decoded completely.
///
/// All decoding of the service runs on a fixed number of platform threads, and within the memory that the
/// process has for it: a few huge images wait for each other, and one that never fits is refused by its
/// header. Requests have as many threads as imports, and of their own, so that a posted image never waits
/// behind the chunks of an import. Thread-safe.
@Singleton
public class ImageChecker {
    private static final Logger LOG = Logger.getLogger(ImageChecker.class);

    private static final String UNFORESEEN = "The picture cannot be decoded. Export it again.";

    /// How long an import waits for memory, which other images give back within seconds.
    private static final Duration PATIENCE_OF_IMPORTS = Duration.ofMinutes(10);

    private final ImageDecoder decoder;
    private final ImageDecoder patientDecoder;
    private final ExecutorService requests;
    private final ExecutorService imports;

    @Inject
    ImageChecker(IngestConfig config) {
        this(
                new ImageDecoder(config.decode().limits()),
                config.decode().threads().orElse(Runtime.getRuntime().availableProcessors()));
    }

    ImageChecker(ImageDecoder decoder, int threads) {
        this.decoder = decoder;
        this.patientDecoder = decoder.waiting(PATIENCE_OF_IMPORTS);
        this.requests = pool("decode-", threads);
        this.imports = pool("decode-import-", threads);
    }

    private static ExecutorService pool(String name, int threads) {
        return Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name(name, 0).factory());
    }

    /// Starts checking and gives the verdict to `then`; the bytes must not change. For imports, which can wait.
    public <T> Future<T> submit(byte[] file, Function<Verdict, T> then) {
        return imports.submit(() -> then.apply(judge(patientDecoder, file)));
    }

    /// Checks a file and waits; not for event loops.
    ///
    /// @throws ProblemException [ProblemType#TOO_BUSY] when the memory for it does not become free in time
    public Verdict check(byte[] file) throws InterruptedException {
        return await(requests.submit(() -> judge(decoder, file)));
    }

    /// Waits for the verdict of [#submit].
    public static <T> T await(Future<T> result) throws InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException failed) {
            throw translated(failed);
        }
    }

    /// Makes a small JPEG of a file, on the same threads and within the same memory; waits; not for event
    /// loops.
    ///
    /// @throws ProblemException [ProblemType#TOO_BUSY] when the memory for it does not become free in time;
    ///     what [#check] would say when the file is refused
    public byte[] thumbnail(byte[] file, int maxSidePixels) throws InterruptedException {
        try {
            return requests.submit(() -> Thumbnail.jpeg(decoder, file, maxSidePixels))
                    .get();
        } catch (ExecutionException failed) {
            throw switch (failed.getCause()) {
                case UndecodableImageException refused ->
                    new ProblemException(problemType(refused.reason()), String.valueOf(refused.getMessage()), refused);
                case DecoderBusyException _ -> translated(failed);
                case RuntimeException unforeseen -> undecodable(unforeseen);
                case StackOverflowError unforeseen -> undecodable(unforeseen);
                case null, default -> translated(failed);
            };
        }
    }

    private static ProblemException undecodable(Throwable unforeseen) {
        return new ProblemException(ProblemType.IMAGE_CORRUPT, UNFORESEEN, unforeseen);
    }

    private static RuntimeException translated(ExecutionException failed) {
        return failed.getCause() instanceof DecoderBusyException busy
                ? new ProblemException(ProblemType.TOO_BUSY, busy.getMessage() + " Send the picture again.", busy)
                : new IllegalStateException("an image's decoding ended without a result", failed.getCause());
    }

    private static Verdict judge(ImageDecoder decoder, byte[] file) {
        String digest = Sha256.of(file);
        try {
            ImageHeader header = decoder.verify(file);
            return new Verdict.Sound(
                    digest, file.length, header.format().mediaType(), header.widthPixels(), header.heightPixels());
        } catch (UndecodableImageException refused) {
            return Pointers.read(file)
                    .map(pointer -> new Verdict.Refused(digest, ProblemType.IMAGE_ABSENT, pointer))
                    .orElseGet(() -> new Verdict.Refused(
                            digest, problemType(refused.reason()), String.valueOf(refused.getMessage())));
        } catch (DecoderBusyException busy) {
            throw busy;
        } catch (RuntimeException | StackOverflowError unforeseen) {
            LOG.warnf(unforeseen, "Decoder failed in an unforeseen way contentDigest=%s", digest);
            return new Verdict.Refused(digest, ProblemType.IMAGE_CORRUPT, UNFORESEEN);
        }
    }

    private static ProblemType problemType(UndecodableImageException.Reason reason) {
        return switch (reason) {
            case EMPTY -> ProblemType.IMAGE_EMPTY;
            case UNSUPPORTED_FORMAT -> ProblemType.IMAGE_FORMAT_UNSUPPORTED;
            case TOO_MANY_BYTES -> ProblemType.IMAGE_TOO_LARGE;
            case TOO_MANY_PIXELS -> ProblemType.IMAGE_TOO_MANY_PIXELS;
            case TOO_MUCH_MEMORY -> ProblemType.IMAGE_TOO_MUCH_MEMORY;
            case TRUNCATED -> ProblemType.IMAGE_TRUNCATED;
            case CORRUPT -> ProblemType.IMAGE_CORRUPT;
            case UNSUPPORTED_VARIANT -> ProblemType.IMAGE_VARIANT_UNSUPPORTED;
        };
    }

    @PreDestroy
    void close() {
        requests.shutdownNow();
        imports.shutdownNow();
    }
}

package dev.graft.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.vision.DecodeBudget;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.DecoderBusyException;
import dev.graft.vision.ImageDecoder;
import dev.graft.vision.UndecodableImageException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImageCheckerTest {
    private static final long BUDGET_BYTES = 6 << 20;

    private final ImageDecoder decoder =
            new ImageDecoder(DecodeLimits.STANDARD, new DecodeBudget(BUDGET_BYTES), Duration.ofMillis(50));
    private final ImageChecker checker = new ImageChecker(decoder, 1);

    @AfterEach
    void close() {
        checker.close();
    }

    @Test
    void refusesAnImageThatNeverFitsTheMemory() throws Exception {
        Verdict verdict = checker.check(jpeg(2_000, 2_000));

        assertThat(verdict).isInstanceOfSatisfying(Verdict.Refused.class, refused -> {
            assertThat(refused.type()).isEqualTo(ProblemType.IMAGE_TOO_MUCH_MEMORY);
            assertThat(refused.detail()).contains("at most 6,291,456");
        });
    }

    @Test
    void isTooBusyWhileOthersUseTheMemoryAndNotAfterwards() throws Exception {
        byte[] file = jpeg(700, 500);
        byte[] nearlyAll = jpeg(1_100, 1_100);
        CountDownLatch holds = new CountDownLatch(1);
        CompletableFuture<Void> release = new CompletableFuture<>();
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            var held = other.submit(() -> hold(nearlyAll, holds, release));
            assertThat(holds.await(1, TimeUnit.MINUTES)).isTrue();
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> checker.check(file))
                    .withCauseInstanceOf(DecoderBusyException.class)
                    .satisfies(e ->
                            assertThat(e.problem().is(ProblemType.TOO_BUSY)).isTrue());
            release.complete(null);
            assertThat(held.get()).isPositive();
        }
        assertThat(checker.check(file)).isInstanceOf(Verdict.Sound.class);
    }

    @Test
    void checksAPostedImageWhileImportsHaveTheirThreadsAndAQueueBehindThem() throws Exception {
        byte[] file = jpeg(64, 64);
        CountDownLatch holds = new CountDownLatch(1);
        CompletableFuture<Boolean> release = new CompletableFuture<>();
        Future<Boolean> running = checker.submit(file, verdict -> {
            holds.countDown();
            return release.join();
        });
        Future<Boolean> queued = checker.submit(file, verdict -> true);
        assertThat(holds.await(1, TimeUnit.MINUTES)).isTrue();

        assertThat(checker.check(file)).isInstanceOf(Verdict.Sound.class);
        assertThat(checker.thumbnail(file, 32)).isNotEmpty();

        assertThat(queued).isNotDone();
        release.complete(true);
        assertThat(ImageChecker.await(running)).isTrue();
        assertThat(ImageChecker.await(queued)).isTrue();
    }

    @Test
    void refusesAThumbnailForTheReasonThatTheCheckGives() throws Exception {
        byte[] cut = Arrays.copyOf(jpeg(64, 64), 400);

        assertThat(checker.check(cut))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThatExceptionOfType(ProblemException.class)
                                .isThrownBy(() -> checker.thumbnail(cut, 32))
                                .satisfies(e -> {
                                    assertThat(e.problem().is(refused.type())).isTrue();
                                    assertThat(e.problem().detail()).isEqualTo(refused.detail());
                                }));
    }

    private int hold(byte[] file, CountDownLatch holds, CompletableFuture<Void> release)
            throws UndecodableImageException {
        return decoder.decode(file, pixels -> {
            holds.countDown();
            release.join();
            return pixels.widthPixels();
        });
    }

    private static byte[] jpeg(int width, int height) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "jpeg", file);
        return file.toByteArray();
    }
}

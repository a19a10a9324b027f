package dev.graft.feature;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.contracts.EmbeddingsRequested;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.feature.embedding.EmbeddingIndex;
import dev.graft.feature.embedding.Failure;
import dev.graft.feature.extractor.ExtractorOpener;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.extractor.FaultyOpener;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.pipeline.FaultyCommits;
import dev.graft.feature.queue.ImageQueue;
import dev.graft.messaging.Transactions;
import dev.graft.objectstore.cdi.ScratchFolder;
import dev.graft.testkit.GraftBackends;
import io.quarkus.arc.ClientProxy;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of images when something breaks off their computation that nobody foresaw, an `Error` among it: no
/// claim stays, other images are computed, and the reason is what happened.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@TestProfile(FaultsIT.WithFaultyParts.class)
class FaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /// More than come urgently, and more than there are chunks at work.
    private static final int CULPRITS = 20;

    public static class WithFaultyParts implements QuarkusTestProfile {
        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(FaultyOpener.class, FaultyCommits.class);
        }
    }

    @Inject
    Stage stage;

    @Inject
    Extractors extractors;

    @Inject
    EmbeddingIndex index;

    @Inject
    ImageQueue queue;

    @Inject
    Transactions transactions;

    @Inject
    ExtractorOpener opener;

    @Inject
    ScratchFolder scratch;

    @Inject
    EmbeddingConfig config;

    @Test
    void computesOtherImagesWhileAnEngineLacksAPartAndGivesUpItsOwn() {
        KnownExtractor unlinked = extractor(FaultyOpener.UNLINKED_PIXELS);
        KnownExtractor sound = extractor(224);
        List<String> culprits = images(CULPRITS);
        enqueue(unlinked, culprits);
        List<String> before = images(3);
        enqueue(sound, before);

        awaitComputed(sound, before);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(culprits)
                        .allSatisfy(culprit -> assertThat(index.failure(unlinked.id(), culprit))
                                .hasValueSatisfying(failure -> {
                                    assertThat(failure.reason()).isEqualTo(Failure.Reason.NOT_COMPUTABLE);
                                    assertThat(failure.detail())
                                            .contains("broke off 3 times", "a missing part of the program");
                                })));
        List<String> after = images(CULPRITS);
        enqueue(sound, after);

        awaitComputed(sound, after);
        awaitNoClaim();
        given().get("/q/health/live").then().statusCode(200);
    }

    @Test
    void findsTheImageThatBreaksTheEngineAndCountsNoDeath() {
        KnownExtractor overflowing = extractor(FaultyOpener.OVERFLOWING_PIXELS);
        String culprit = stage.store(DrawnImages.plain());
        List<String> others = images(4);
        List<String> together = new ArrayList<>(others);
        together.add(2, culprit);
        enqueue(overflowing, together);

        awaitComputed(overflowing, others);
        await().atMost(PATIENCE)
                .until(() -> index.failure(overflowing.id(), culprit).isPresent());
        assertThat(index.failure(overflowing.id(), culprit).orElseThrow()).satisfies(failure -> {
            assertThat(failure.reason()).isEqualTo(Failure.Reason.NOT_COMPUTABLE);
            assertThat(failure.detail()).contains("broke off 3 times", "nested too deep");
        });
        awaitNoClaim();
    }

    @ParameterizedTest
    @ValueSource(ints = {FaultyCommits.BROKEN_PIXELS, FaultyCommits.SLOW_PIXELS})
    void givesUpImagesWhoseCommitFailsEachTime(int inputSizePixels) {
        KnownExtractor uncommittable = extractor(inputSizePixels);
        KnownExtractor sound = extractor(224);
        List<String> culprits = images(3);
        enqueue(uncommittable, culprits);
        List<String> others = images(3);
        enqueue(sound, others);

        awaitComputed(sound, others);
        awaitBrokenOff(uncommittable, culprits);
        awaitNoClaim();
    }

    /// What the object store says of the key of an image, it says each time.
    @Test
    void givesUpAnImageThatCannotBeFetched() {
        KnownExtractor sound = extractor(224);
        List<String> nameless = List.of("../" + UUID.randomUUID());
        enqueue(sound, nameless);

        awaitBrokenOff(sound, nameless);
        awaitNoClaim();
    }

    /// The disk is the worker's own, no backend that comes back.
    @Test
    void failsAJobWhoseIndexTheDiskDoesNotTake() throws IOException {
        Path probe = scratch.create(".probe");
        Path folder = Objects.requireNonNull(probe.getParent());
        Path away = folder.resolveSibling("away-" + UUID.randomUUID());
        String jobId = UUID.randomUUID().toString();
        List<String> images = images(1);
        Files.move(folder, away);
        try {
            stage.publish(new EmbeddingsRequested(jobId, extractor(224).choice(), stage.manifest(images)));

            assertThat(stage.receiveJob(jobId).getLast()).satisfies(end -> {
                assertThat(end.state()).isEqualTo(EmbeddingJobAdvanced.State.FAILED);
                assertThat(end.detail()).contains("broke off 3 times");
            });
        } finally {
            Files.move(away, folder);
            Files.delete(probe);
        }
    }

    private void awaitBrokenOff(KnownExtractor extractor, List<String> imageIds) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(imageIds)
                        .allSatisfy(imageId -> assertThat(index.failure(extractor.id(), imageId))
                                .hasValueSatisfying(failure -> {
                                    assertThat(failure.reason()).isEqualTo(Failure.Reason.NOT_COMPUTABLE);
                                    assertThat(failure.detail()).contains("broke off 3 times");
                                })));
    }

    @Test
    void countsNoAttemptThatFoundTheDecoderBusy() {
        KnownExtractor busy = extractor(FaultyOpener.BUSY_PIXELS);
        List<String> images = images(1);
        enqueue(busy, images);

        awaitComputed(busy, images);
        assertThat(faulty().busyBatches()).isEqualTo(FaultyOpener.BUSY_BATCHES);
        awaitNoClaim();
    }

    /// On the next day the heap may be larger.
    @Test
    void givesNoImageUpForGoodBecauseItsMemoryIsNotThere() {
        KnownExtractor narrow = extractor(FaultyOpener.NARROW_PIXELS);
        String image = images(1).getFirst();
        enqueue(narrow, List.of(image));

        await().atMost(PATIENCE).until(() -> index.failure(narrow.id(), image).isPresent());
        assertThat(index.failure(narrow.id(), image).orElseThrow()).satisfies(failure -> {
            assertThat(failure.reason()).isEqualTo(Failure.Reason.NOT_COMPUTABLE);
            assertThat(failure.detail()).contains("bytes of memory");
        });
        awaitNoClaim();
    }

    /// Proves that nothing is computed a second after but the batches that the engine had before.
    @Test
    void computesNoMoreOfAJobThatWasCancelled() throws Exception {
        KnownExtractor waiting = extractor(FaultyOpener.WAITING_PIXELS);
        List<String> images = IntStream.range(0, 256)
                .mapToObj(i -> Photographs.imageId(("cancelled " + i).getBytes(StandardCharsets.UTF_8)))
                .toList();
        stage.storeUnder(images, DrawnImages.small(1));
        String jobId = UUID.randomUUID().toString();
        stage.publish(new EmbeddingsRequested(jobId, waiting.choice(), stage.manifest(images)));
        int threads = config.computeThreads();
        await().atMost(PATIENCE).until(() -> faulty().waitingBatches() == threads);

        given().delete("/v1/embedding-jobs/{id}", jobId).then().statusCode(200);
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        faulty().letPass();

        awaitNoClaim();
        assertThat(faulty().waitingBatches()).isEqualTo(threads);
        assertThat(index.locate(waiting.id(), images)).isEmpty();
    }

    private FaultyOpener faulty() {
        return (FaultyOpener) ClientProxy.unwrap(opener);
    }

    private KnownExtractor extractor(int inputSizePixels) {
        return extractors.resolve(new ExtractorChoice(null, null, inputSizePixels, Precision.F32));
    }

    private List<String> images(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> stage.store(DrawnImages.small(System.nanoTime())))
                .toList();
    }

    private void enqueue(KnownExtractor extractor, List<String> imageIds) {
        transactions.call(session -> queue.enqueue(session, extractor.id(), imageIds));
        queue.arrived();
    }

    private void awaitComputed(KnownExtractor extractor, List<String> imageIds) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(index.locate(extractor.id(), imageIds)).containsOnlyKeys(imageIds));
    }

    private void awaitNoClaim() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(transactions.<Long>call(
                                session -> session.createNativeQuery("select count(*) from claim", Long.class)
                                        .getSingleResult()))
                        .isZero());
    }
}

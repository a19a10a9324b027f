package dev.graft.contracts;

import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The events whose wire form is pinned by the files under `golden/`. A file is never edited: a form that has to change
/// is a new version of the event, with a file of its own.
public final class GoldenEvents {
    private static final String MANIFEST_KEY = "datasets/flowers/versions/3/manifest.jsonl";

    private static final String TULIP = "0f".repeat(32);
    private static final String ROSE = "a1".repeat(32);
    private static final String DIGEST = "7c".repeat(32);
    private static final Map<String, Event> EVENTS = new LinkedHashMap<>();

    static {
        EVENTS.put("image-ingested", new ImageIngested(TULIP, 48_213, "image/jpeg", 500, 375));
        EVENTS.put("image-labelled", new ImageLabelled("flowers", TULIP, "tulip", Split.VALIDATION));
        EVENTS.put("image-labelled.minimal", new ImageLabelled("flowers", TULIP, "Türkenbund-Lilie", null));
        EVENTS.put(
                "image-rejected",
                new ImageRejected(
                        "r-1",
                        "flowers",
                        "tulip/broken.jpg",
                        "https://graft.dev/problems/image-truncated",
                        "The file is incomplete."));
        EVENTS.put(
                "image-rejected.minimal",
                new ImageRejected(
                        "r-2", "flowers", null, "https://graft.dev/problems/image-empty", "The file is empty."));
        EVENTS.put(
                "dataset-frozen",
                new DatasetFrozen(
                        "flowers",
                        3,
                        MANIFEST_KEY,
                        DIGEST,
                        5_000_000_000L,
                        Map.of("tulip", 2_000_000_000L, "rose", 3_000_000_000L)));
        EVENTS.put(
                "embeddings-requested",
                new EmbeddingsRequested(
                        "j-1", new ExtractorChoice("vgg16.tv_in1k", "fc2", 192, Precision.INT8), MANIFEST_KEY));
        EVENTS.put(
                "embeddings-requested.minimal",
                new EmbeddingsRequested("j-2", ExtractorChoice.defaults(), MANIFEST_KEY));
        EVENTS.put(
                "embedding-segment-computed",
                new EmbeddingSegmentComputed(
                        "s-1",
                        DIGEST,
                        "tf_efficientnet_lite0.in1k",
                        "pooled",
                        ObjectKeys.segment(DIGEST, "s-1"),
                        1280,
                        List.of(TULIP, ROSE)));
        EVENTS.put(
                "embedding-job-advanced",
                new EmbeddingJobAdvanced(
                        "j-1",
                        EmbeddingJobAdvanced.State.COMPLETED,
                        100,
                        60,
                        39,
                        1,
                        DIGEST,
                        ObjectKeys.embeddingIndex("j-1"),
                        null));
        EVENTS.put(
                "embedding-job-advanced.failed",
                new EmbeddingJobAdvanced(
                        "j-1", EmbeddingJobAdvanced.State.FAILED, 100, 0, 0, 0, null, null, "There is no such layer."));
        EVENTS.put(
                "training-requested",
                new TrainingRequested("t-1", "flowers", "flowers", 3, ExtractorChoice.defaults(), "linear"));
        EVENTS.put(
                "training-progressed",
                new TrainingProgressed(
                        "t-1", TrainingProgressed.Phase.TRAINING, 12, 100, 0.125, 0.9375, null, null, null, null));
        EVENTS.put(
                "training-progressed.fine-tuning",
                new TrainingProgressed(
                        "t-1", TrainingProgressed.Phase.FINE_TUNING, 1320, 2400, 0.125, 0.9375, 3, 4, 38.5, 28.125));
        EVENTS.put(
                "training-progressed.minimal",
                new TrainingProgressed("t-1", TrainingProgressed.Phase.EMBEDDING, 0, 244));
        EVENTS.put(
                "training-finished",
                new TrainingFinished("t-1", "flowers", TrainingFinished.Outcome.SUCCEEDED, 4, 0.9625, null));
        EVENTS.put(
                "training-finished.failed",
                new TrainingFinished(
                        "t-2", "flowers", TrainingFinished.Outcome.FAILED, null, null, "The dataset has one class."));
        EVENTS.put("model-published", new ModelPublished("flowers", 4, ObjectKeys.bundlePrefix("flowers", 4), DIGEST));
        EVENTS.put("prediction-requested", new PredictionRequested("p-1", "flowers", TULIP, 2));
        EVENTS.put(
                "prediction-completed",
                new PredictionCompleted(
                        "p-1",
                        "flowers",
                        TULIP,
                        4,
                        List.of(new LabelProbability("tulip", 0.875), new LabelProbability("rose", 0.125)),
                        null));
        EVENTS.put(
                "prediction-completed.failed",
                new PredictionCompleted("p-2", "weeds", TULIP, null, List.of(), "There is no model weeds."));
    }

    private GoldenEvents() {}

    public static Stream<String> names() {
        return EVENTS.keySet().stream();
    }

    public static Stream<Event> events() {
        return EVENTS.values().stream();
    }

    public static Envelope<?> envelope(String name) {
        Event event = EVENTS.get(name);
        return new Envelope<>(
                "e-" + name, URI.create("/graft/golden-test"), Instant.parse("2026-01-02T03:04:05.678901Z"), event);
    }
}

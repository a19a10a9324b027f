package dev.graft.contracts;

import java.util.List;
import java.util.Map;

/// Names the topics: `<plural>.<fact>.v<n>`. A name never changes its meaning; a breaking change is a new version.
public final class Topics {
    /// The size of a record on a dead-letter topic (`max.message.bytes`): the largest record that Kafka takes by
    /// default, with headers that say why it is there.
    public static final int MAX_DEAD_LETTER_BYTES = 2 << 20;

    /// How many days a record stays on a dead-letter topic (`retention.ms`), to be looked at and replayed.
    public static final int DEAD_LETTER_RETENTION_DAYS = 90;

    public static final String IMAGES_INGESTED = "images.ingested.v1";
    public static final String IMAGES_LABELLED = "images.labelled.v1";
    public static final String IMAGES_REJECTED = "images.rejected.v1";
    public static final String EMBEDDINGS_REQUESTED = "embeddings.requested.v1";
    public static final String EMBEDDINGS_COMPUTED = "embeddings.computed.v1";
    public static final String DATASETS_FROZEN = "datasets.frozen.v1";
    public static final String TRAININGS_REQUESTED = "trainings.requested.v1";
    public static final String TRAININGS_PROGRESSED = "trainings.progressed.v1";
    public static final String TRAININGS_FINISHED = "trainings.finished.v1";
    /// Compacted; the key is the model's name, so that the newest record of a key is the version in production.
    public static final String MODELS_PUBLISHED = "models.published.v1";

    public static final String PREDICTIONS_REQUESTED = "predictions.requested.v1";
    public static final String PREDICTIONS_COMPLETED = "predictions.completed.v1";

    /// Every topic but the dead-letter ones.
    public static final List<String> ALL = List.of(
            IMAGES_INGESTED,
            IMAGES_LABELLED,
            IMAGES_REJECTED,
            EMBEDDINGS_REQUESTED,
            EMBEDDINGS_COMPUTED,
            DATASETS_FROZEN,
            TRAININGS_REQUESTED,
            TRAININGS_PROGRESSED,
            TRAININGS_FINISHED,
            MODELS_PUBLISHED,
            PREDICTIONS_REQUESTED,
            PREDICTIONS_COMPLETED);

    private Topics() {}

    /// Gives the settings of a dead-letter topic, by Kafka's names.
    public static Map<String, String> deadLetterSettings() {
        return Map.of(
                "max.message.bytes",
                Integer.toString(MAX_DEAD_LETTER_BYTES),
                "retention.ms",
                Long.toString(DEAD_LETTER_RETENTION_DAYS * 86_400_000L));
    }

    /// Names the topic that takes the records of `topic` which cannot be read, or whose handling failed for good.
    public static String deadLetterOf(String topic) {
        return topic + ".dlq";
    }

    /// Returns whether the broker keeps only the newest record of each key of `topic`.
    public static boolean isCompacted(String topic) {
        return MODELS_PUBLISHED.equals(topic);
    }
}

package dev.graft.contracts;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Ties each kind of event to its topic, its CloudEvents `type` and its record.
public enum EventType {
    IMAGE_INGESTED(Topics.IMAGES_INGESTED, "dev.graft.image.ingested.v1", ImageIngested.class),
    IMAGE_LABELLED(Topics.IMAGES_LABELLED, "dev.graft.image.labelled.v1", ImageLabelled.class),
    IMAGE_REJECTED(Topics.IMAGES_REJECTED, "dev.graft.image.rejected.v1", ImageRejected.class),
    DATASET_FROZEN(Topics.DATASETS_FROZEN, "dev.graft.dataset.frozen.v1", DatasetFrozen.class),
    EMBEDDINGS_REQUESTED(Topics.EMBEDDINGS_REQUESTED, "dev.graft.embeddings.requested.v1", EmbeddingsRequested.class),
    EMBEDDING_SEGMENT_COMPUTED(
            Topics.EMBEDDINGS_COMPUTED, "dev.graft.embedding-segment.computed.v1", EmbeddingSegmentComputed.class),
    EMBEDDING_JOB_ADVANCED(
            Topics.EMBEDDINGS_COMPUTED, "dev.graft.embedding-job.advanced.v1", EmbeddingJobAdvanced.class),
    TRAINING_REQUESTED(Topics.TRAININGS_REQUESTED, "dev.graft.training.requested.v1", TrainingRequested.class),
    TRAINING_PROGRESSED(Topics.TRAININGS_PROGRESSED, "dev.graft.training.progressed.v1", TrainingProgressed.class),
    TRAINING_FINISHED(Topics.TRAININGS_FINISHED, "dev.graft.training.finished.v1", TrainingFinished.class),
    MODEL_PUBLISHED(Topics.MODELS_PUBLISHED, "dev.graft.model.published.v1", ModelPublished.class),
    PREDICTION_REQUESTED(Topics.PREDICTIONS_REQUESTED, "dev.graft.prediction.requested.v1", PredictionRequested.class),
    PREDICTION_COMPLETED(Topics.PREDICTIONS_COMPLETED, "dev.graft.prediction.completed.v1", PredictionCompleted.class);

    private static final Map<String, EventType> BY_NAME =
            Stream.of(values()).collect(toUnmodifiableMap(EventType::typeName, identity()));
    private static final Map<Class<? extends Event>, EventType> BY_RECORD =
            Stream.of(values()).collect(toUnmodifiableMap(EventType::record, identity()));

    private final String topic;
    private final String typeName;
    private final Class<? extends Event> record;

    EventType(String topic, String typeName, Class<? extends Event> record) {
        this.topic = topic;
        this.typeName = typeName;
        this.record = record;
    }

    /// Gives the topic on which events of this kind travel.
    public String topic() {
        return topic;
    }

    /// Gives the CloudEvents `type` attribute.
    public String typeName() {
        return typeName;
    }

    /// Gives the record that holds the event's data.
    public Class<? extends Event> record() {
        return record;
    }

    /// Finds the kind by its CloudEvents `type`; empty when this version of Graft does not know it.
    public static Optional<EventType> named(String typeName) {
        return Optional.ofNullable(BY_NAME.get(typeName));
    }

    /// Finds the kind of an event.
    public static EventType of(Event event) {
        EventType type = BY_RECORD.get(event.getClass());
        if (type == null) {
            throw new IllegalStateException("no event type for " + event.getClass());
        }
        return type;
    }
}

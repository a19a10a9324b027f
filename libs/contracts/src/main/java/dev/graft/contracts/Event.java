package dev.graft.contracts;

/// A fact that happened, as one service publishes it to all others.
///
/// Events are immutable records; their JSON form is the record's components by name, absent ones left out. A reader
/// ignores members that it does not know, so that a member may be added without a new version.
public sealed interface Event
        permits ImageIngested,
                ImageLabelled,
                ImageRejected,
                DatasetFrozen,
                EmbeddingsRequested,
                EmbeddingSegmentComputed,
                EmbeddingJobAdvanced,
                TrainingRequested,
                TrainingProgressed,
                TrainingFinished,
                ModelPublished,
                PredictionRequested,
                PredictionCompleted {

    /// Gives the key of the record: events of one key stay in order.
    String partitionKey();
}

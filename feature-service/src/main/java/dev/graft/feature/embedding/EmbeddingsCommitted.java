package dev.graft.feature.embedding;

/// Says to this process's other parts that results were committed; jobs may have come further.
///
/// @param extractorId number of the extractor
/// @param images    how many images left the queue
public record EmbeddingsCommitted(int extractorId, int images) {}

package dev.graft.feature.embedding;

/// Tells this process's other parts that results were committed; jobs may have come further.
///
/// @param extractorId number of the extractor
/// @param pictures    how many pictures left the queue
public record EmbeddingsCommitted(int extractorId, int pictures) {}

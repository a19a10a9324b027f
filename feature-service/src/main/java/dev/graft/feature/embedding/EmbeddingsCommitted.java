package dev.graft.feature.embedding;

/// Says to this process's other parts that results were committed; jobs may have come further.
public record EmbeddingsCommitted() {}

package dev.graft.cli.rest;

import java.util.List;

/// The embedding of an image.
///
/// @param vector float32 [dimension]
public record EmbeddingView(String backbone, String layer, int dimension, List<Float> vector) {}

package dev.graft.cli.rest;

import java.util.List;

/// The embedding of a picture.
///
/// @param vector float32 [dimension]
public record EmbeddingView(String backbone, String layer, int dimension, List<Float> vector) {}

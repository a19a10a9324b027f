package dev.graft.feature.embedding;

import java.io.Serializable;

/// Names what becomes of an image: a row for each extractor.
record ImageKey(int extractorId, String imageId) implements Serializable {}

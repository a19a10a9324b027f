/// Turns a user's choice into an extractor, and pictures into vectors.
///
/// An extractor is everything that decides an embedding: weights, layer, preprocessing, precision. This package knows
/// the catalogue, opens networks and shows them over REST; it must not know queues, jobs or where embeddings are kept.
@NullMarked
package dev.graft.feature.extractor;

import org.jspecify.annotations.NullMarked;

/// Holds the embeddings that are to be computed, and leases them to workers.
///
/// It knows images by their id and extractors by their number, and nothing of how an embedding is made or kept.
@NullMarked
package dev.graft.feature.queue;

import org.jspecify.annotations.NullMarked;

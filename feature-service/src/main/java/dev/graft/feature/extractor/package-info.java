/// Turns a user's choice into an extractor, and images into vectors.
///
/// An extractor is everything that decides an embedding: weights, layer, preprocessing, precision. This package knows
/// the catalogue, opens networks and shows them over REST; it must not know queues, jobs or where embeddings are kept.
///
/// What is remembered of extractors is in Caffeine's caches. Open networks are not, because two of their laws
/// have no form there. A network in use is never closed, and counts among those that may be open; Caffeine
/// spares an entry only when its weight is zero, and then does not count it. The network that was unused for
/// longest is closed first; Caffeine goes by frequency, too, and may evict the one that was opened a moment
/// ago.
@NullMarked
package dev.graft.feature.extractor;

import org.jspecify.annotations.NullMarked;
